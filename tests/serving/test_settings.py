"""Settings: what an operator may set, what is refused, and that all of it is documented."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

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
