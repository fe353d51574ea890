"""Settings: what an operator may set, what is refused, and that all of it is documented."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from pipeline.project import Project
from pipeline.serving_environment import serving_environment
from serving.settings import Settings, SettingsError, load_settings

DOCUMENT = Path(__file__).parents[2] / "docs/serving.md"


def documented() -> dict[str, tuple[str, str]]:
    rows = re.findall(r"^\| `(BATON_\w+)` \| (.+?) \| (.+) \|$", DOCUMENT.read_text(), re.MULTILINE)
    return {name: (default.strip("`"), words) for name, default, words in rows}


def test_every_setting_is_documented_with_its_default_and_words():
    """docs/serving.md names every setting and no other, with the default and the sentence of the code."""
    told = {}
    for name, field in Settings.model_fields.items():
        default = "unset" if field.default is None else f"{field.default}"
        told[f"BATON_{name.upper()}"] = (default.removesuffix(".0"), field.description)
    assert documented() == told


def test_the_defaults_are_safe(monkeypatch):
    """Unless told otherwise Baton listens on loopback, and keeps all it writes under var/."""
    for name in documented():
        monkeypatch.delenv(name, raising=False)
    settings = load_settings()
    assert (settings.host, settings.port, settings.shows_details) == ("127.0.0.1", 3000, True)
    assert settings.ledger_url == "sqlite:///var/ledger.db"
    assert settings.models == Path("var/models")


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("localhost", "http://127.0.0.1:3000"),
        ("::1", "http://[::1]:3000"),
        ("0.0.0.0", "http://localhost:3000"),
        ("192.168.0.7", "http://192.168.0.7:3000"),
    ],
)
def test_an_address_can_be_opened(host, address):
    """What is printed at the start is a URL that a browser opens."""
    assert Settings(host=host).address == address


def test_only_loopback_shows_details_by_itself():
    """Whoever opens Baton to others says so twice."""
    shown = [Settings(host=host).shows_details for host in ("127.0.0.1", "::1", "0.0.0.0", "10.0.0.1")]
    assert shown == [True, True, False, False]
    assert Settings(host="0.0.0.0", open_page=True).shows_details


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BATON_HOST", "example.com"),
        ("BATON_PORT", "http"),
        ("BATON_PORT", "70000"),
        ("BATON_MAX_LEADS", "0"),
        ("BATON_MAX_BODY_BYTES", "12"),
        ("BATON_LEDGER_SECONDS", "-1"),
        ("BATON_OPEN_PAGE", "perhaps"),
    ],
)
def test_a_wrong_setting_is_named_with_its_value(monkeypatch, name, value):
    """The error names the variable, the value and the next step."""
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=name) as raised:
        load_settings()
    assert value in str(raised.value)
    assert "Next: " in str(raised.value)


@pytest.mark.parametrize(
    "url", ["mysql://me:hunter2@host/db", "sqlite://", "sqlite:///:memory:", "hunter2", "postgresql:hunter2"]
)
def test_a_ledger_that_would_not_last_is_refused_without_repeating_its_password(monkeypatch, url):
    """Only a file or PostgreSQL can hold the ledger, and an error never shows the URL."""
    monkeypatch.setenv("BATON_LEDGER_URL", url)
    with pytest.raises(SettingsError, match="BATON_LEDGER_URL") as raised:
        load_settings()
    assert "hunter2" not in str(raised.value)


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_postgresql_is_reached_by_psycopg(scheme):
    """Every usual spelling of a PostgreSQL URL leads to one driver."""
    assert (
        Settings(ledger_url=f"{scheme}://me:pw@db/baton").ledger_url == "postgresql+psycopg://me:pw@db/baton"
    )


@pytest.fixture
def secrets(tmp_path, monkeypatch):
    """A folder of secrets that Baton is told of, with the ledger's URL."""
    monkeypatch.setenv("BATON_SECRETS_DIR", str(tmp_path))
    monkeypatch.delenv("BATON_LEDGER_URL", raising=False)
    (tmp_path / "baton_ledger_url").write_text("postgresql://me:hunter2@db/baton\n")
    return tmp_path


def test_a_setting_may_be_a_file_of_its_name(secrets):
    """A password is mounted as a file, and is in no environment and no representation."""
    settings = load_settings()
    assert settings.ledger_url == "postgresql+psycopg://me:hunter2@db/baton"
    assert "hunter2" not in repr(settings)
    assert not any("hunter2" in value for value in os.environ.values())


def test_a_setting_given_twice_is_refused(secrets, monkeypatch):
    """Which of the two counts would be a surprise to somebody."""
    monkeypatch.setenv("BATON_LEDGER_URL", "sqlite:///var/ledger.db")
    with pytest.raises(SettingsError, match="baton_ledger_url as file and as variable"):
        load_settings()


@pytest.mark.parametrize("content", [b"mysql://me:hunter2@host/db", b"hunter2 \xff"])
def test_a_wrong_secret_is_refused_without_being_repeated(secrets, content):
    """What stands in the file is in no error."""
    (secrets / "baton_ledger_url").write_bytes(content)
    with pytest.raises(SettingsError) as raised:
        load_settings()
    assert "hunter2" not in str(raised.value)
    assert "Next: " in str(raised.value)


def test_a_secret_that_cannot_be_had_is_no_default(secrets, monkeypatch):
    """Baton would rather not start than write to another ledger than it was told to."""
    (secrets / "baton_ledger_url").unlink()
    with pytest.raises(SettingsError, match="holds a setting's file"):
        load_settings()
    (secrets / "baton_ledger_url").mkdir()
    with pytest.raises(SettingsError, match="text file"):
        load_settings()
    monkeypatch.setenv("BATON_SECRETS_DIR", str(secrets / "elsewhere"))
    with pytest.raises(SettingsError, match="BATON_SECRETS_DIR is a folder"):
        load_settings()


def test_a_project_does_not_overrule_a_secret(secrets, tmp_path):
    """`baton serve` points serving at the project's own ledger, unless a file names another."""
    assert "BATON_LEDGER_URL" not in serving_environment(Project(tmp_path))
    (secrets / "baton_ledger_url").unlink()
    assert serving_environment(Project(tmp_path))["BATON_LEDGER_URL"].startswith("sqlite:///")
