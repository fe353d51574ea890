"""What lies in deploy/ names things that exist: files, settings, ports, commands."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from crm_tables import agreed
from models.shelf import Shelf
from pipeline.cli import cli
from serving.bento import lay_out
from serving.commands import APP
from serving.routes import health
from serving.settings import SECRETS_DIR, Settings
from tiny_bundle import save_tiny_bundle

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
SETTINGS = {f"BATON_{name.upper()}" for name in Settings.model_fields} | {SECRETS_DIR}
# What compose.yaml and the Caddyfile ask of an operator, and Baton never sees.
OF_COMPOSE = {"BATON_IMAGE", "BATON_DOMAIN", "BATON_UPSTREAM"}
PORT = Settings.model_fields["port"].default
DOCUMENT = (ROOT / "docs" / "deployment.md").read_text()
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text())


def instructions() -> list[tuple[str, str]]:
    """Return the Containerfile's instructions, each on one line."""
    text = re.sub(r"\\\n\s*", "", (DEPLOY / "Containerfile").read_text())
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(word, rest) for word, _, rest in (line.partition(" ") for line in lines)]


def of(word: str) -> list[str]:
    """Return what follows each instruction of this name."""
    return [rest for name, rest in instructions() if name == word]


def unit() -> list[tuple[str, str]]:
    """Return the lines of the unit, also those that an operator may take the sign off."""
    lines = [line.removeprefix("#") for line in (DEPLOY / "baton.service").read_text().splitlines()]
    return [tuple(found.groups()) for line in lines if (found := re.fullmatch(r"([A-Z]\w+)=(.*)", line))]


@pytest.fixture(scope="module")
def packed(tmp_path_factory) -> Path:
    """What a bento is built from, with a champion."""
    folder = tmp_path_factory.mktemp("packed")
    save_tiny_bundle(agreed(), folder / "bundle")
    shelf = Shelf(folder / "models")
    shelf.put(folder / "bundle", "1")
    shelf.promote("1", "Ada", "a test")
    (folder / "src").mkdir()
    lay_out(shelf.root, folder / "src")
    return folder / "src"


@pytest.mark.parametrize("name", sorted(path.name for path in DEPLOY.iterdir() if path.is_file()))
def test_every_setting_that_is_named_exists(name):
    """A setting that was renamed is renamed where it is deployed."""
    named = set(re.findall(r"BATON_[A-Z_]+", (DEPLOY / name).read_text()))
    assert named - OF_COMPOSE <= SETTINGS


def test_the_image_copies_what_a_bento_holds(packed):
    """Each COPY finds its source in a bento's folder `src`, and goes where it is looked for."""
    copies = [rest.split() for rest in of("COPY") if not rest.startswith("--from")]
    assert [source for source, _ in copies if not (packed / source).exists()] == []
    places = dict(copies)
    environment = " ".join(of("ENV"))
    assert all(
        places[room] == f"/opt/baton/app/{room}" for room in ("serving", "models", "features", "data_checks")
    )
    assert "PYTHONPATH=/opt/baton/app " in environment
    assert f"BATON_MODELS={places['var/models']}" in environment


def test_the_image_is_made_with_hashes_from_tagged_images_and_without_secrets():
    """What is installed is what was locked, and nothing that is secret can be read from a layer."""
    assert [image for image in of("FROM") if not re.match(r"[\w/]+:\d[\w.-]+( AS \w+)?$", image)] == []
    assert len(of("FROM")) == 2
    [install] = [rest for rest in of("RUN") if "pip install" in rest]
    assert "--require-hashes" in install
    assert f"--requirement {of('COPY')[0].split()[1]}" in install
    assert of("ARG") == []
    assert "LEDGER" not in " ".join(of("ENV"))


def test_the_image_runs_as_nobody_in_particular_and_starts_baton():
    """Its user has no rights, its words are a command of Baton's, and its health is Baton's readiness."""
    assert of("USER") == ["10001:10001"]
    assert f"--uid {of('USER')[0].split(':')[0]} " in " ".join(of("RUN"))
    assert of("WORKDIR") == of("VOLUME")
    [entry], [command] = of("ENTRYPOINT"), of("CMD")
    assert json.loads(entry) == ["python", "-m", "serving"]
    assert CliRunner().invoke(APP, [*json.loads(command), "--help"]).exit_code == 0
    assert of("EXPOSE") == [str(PORT)]
    assert f"BATON_PORT={PORT}" in " ".join(of("ENV"))
    [check] = of("HEALTHCHECK")
    [_, address, path] = re.search(
        r"HTTPConnection\('([\d.]+)', (\d+),.*request\('GET', '(/\w+)'\)", check
    ).groups()
    assert address == str(PORT)
    assert path in {route.path for route in health.ROUTER.routes}
    compile(json.loads(check.partition("CMD ")[2])[2], "health", "exec")


def test_compose_lets_nobody_in_but_the_proxy():
    """One service has ports, the ledger and Baton are on a network without a way out."""
    services = COMPOSE["services"]
    assert [name for name, service in services.items() if "ports" in service] == ["proxy"]
    assert COMPOSE["networks"]["inside"]["internal"]
    assert services["baton"]["networks"] == services["database"]["networks"] == ["inside"]
    assert services["baton"]["read_only"]
    assert services["baton"]["cap_drop"] == ["ALL"]
    assert services["proxy"]["environment"]["BATON_UPSTREAM"] == f"baton:{PORT}"
    written = {place.partition(":")[0] for place in services["baton"]["tmpfs"]}
    assert {*of("VOLUME"), "/tmp"} <= written
    assert f":uid={of('USER')[0].split(':')[0]}," in services["baton"]["tmpfs"][1]


def test_compose_names_what_there_is():
    """Networks, volumes, secrets and files that services use are declared, and the files exist."""
    for service in COMPOSE["services"].values():
        assert re.search(r":[\w?]", service["image"])
        assert set(service["networks"]) <= COMPOSE["networks"].keys()
        assert set(service.get("secrets", ())) <= COMPOSE["secrets"].keys()
        assert set(service.get("depends_on", ())) <= COMPOSE["services"].keys()
        for source in (volume.partition(":")[0] for volume in service.get("volumes", ())):
            assert (DEPLOY / source).is_file() if source.startswith("./") else source in COMPOSE["volumes"]


def test_compose_holds_secrets_by_file_alone():
    """Baton's secret is named after a setting; the document makes the files, and git does not see them."""
    [name] = COMPOSE["services"]["baton"]["secrets"]
    assert name.upper() in SETTINGS
    assert COMPOSE["services"]["baton"]["environment"] == {SECRETS_DIR: "/run/secrets"}
    paths = [secret["file"] for secret in COMPOSE["secrets"].values()]
    assert [path for path in paths if f"> {path}" not in DOCUMENT] == []
    ignored = [
        subprocess.run(["git", "check-ignore", "-q", DEPLOY / path], cwd=ROOT, check=False).returncode
        for path in paths
    ]
    assert ignored == [0, 0]
    assert "PASSWORD:" not in (DEPLOY / "compose.yaml").read_text()


@pytest.mark.parametrize(
    ("name", "limit"), [("Caddyfile", r"max_size (\d+)MiB"), ("nginx.conf", r"client_max_body_size (\d+)m;")]
)
def test_the_proxies_lead_to_baton_and_let_its_bodies_through(name, limit):
    """A proxy passes on twice the body that Baton takes, to the port where it listens."""
    text = (DEPLOY / name).read_text()
    assert int(re.search(limit, text)[1]) * 2**20 == 2 * Settings.model_fields["max_body_bytes"].default
    assert f"127.0.0.1:{PORT}" in text
    assert "access_log off" in text or "\tlog" not in text


def test_the_unit_starts_baton_where_the_document_lays_it():
    """Its words are a command of Baton's, its folders are those of the document, and it holds no password."""
    [command] = [value for name, value in unit() if name == "ExecStart"]
    python, dash, module, *words = command.split()
    assert (python, dash, module) == ("/opt/baton/venv/bin/python", "-m", "serving")
    assert CliRunner().invoke(APP, [*words, "--help"]).exit_code == 0
    assert "python3.11 -m venv /opt/baton/venv" in DOCUMENT
    assert "cp -r src /opt/baton/app" in DOCUMENT
    credential = dict(unit())["LoadCredential"]
    assert credential.partition(":")[0].upper() in SETTINGS
    hardened = {
        ("NoNewPrivileges", "yes"),
        ("ProtectSystem", "strict"),
        ("ProtectHome", "yes"),
        ("StateDirectory", "baton"),
    }
    assert hardened <= set(unit())
    assert ("WorkingDirectory", "/var/lib/baton") in unit()


def test_systemd_finds_no_fault_in_the_unit(tmp_path):
    """`systemd-analyze verify` reads the unit without a word, given the program that it starts."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd here")
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\n")
    python.chmod(0o755)
    text = (DEPLOY / "baton.service").read_text().replace("/opt/baton/venv/bin/python", str(python))
    (tmp_path / "baton.service").write_text(text)
    done = subprocess.run(
        ["systemd-analyze", "verify", "--recursive-errors=no", tmp_path / "baton.service"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, [line for line in done.stderr.splitlines() if "baton.service" in line]) == (
        0,
        [],
    )


def test_the_document_names_what_there_is():
    """Every setting, file and command that docs/deployment.md names exists."""
    assert set(re.findall(r"BATON_[A-Z_]+", DOCUMENT)) - OF_COMPOSE <= SETTINGS
    files = re.findall(r"deploy/[\w.]+", DOCUMENT)
    assert [path for path in files if not (ROOT / path).is_file()] == []
    assert {path.name for path in DEPLOY.iterdir() if path.is_file()} - {".gitignore"} <= {
        path[7:] for path in files
    }
    commands = set(re.findall(r"`?\bbaton (bento|serve|promote|keys)\b", DOCUMENT))
    assert {"bento", "promote"} <= commands
    assert [word for word in commands if CliRunner().invoke(cli, [word, "--help"]).exit_code] == []


@pytest.mark.parametrize("program", ["sqlite3", "python3"])
def test_a_backup_taken_while_baton_writes_is_whole(tmp_path, program):
    """The lines of the document copy what is committed, also what lies in the write-ahead log."""
    import sqlite3

    if shutil.which(program) is None:
        pytest.skip(f"no {program} here")
    [line] = re.findall(rf"^({program} .*ledger-backup.*)$", DOCUMENT, re.MULTILINE)
    (tmp_path / "var").mkdir()
    ledger = sqlite3.connect(tmp_path / "var" / "ledger.db", isolation_level=None)
    ledger.execute("PRAGMA journal_mode = WAL")
    ledger.execute("CREATE TABLE scores (score_id TEXT)")
    ledger.execute("INSERT INTO scores VALUES ('kept')")
    assert (tmp_path / "var" / "ledger.db-wal").stat().st_size > 0
    subprocess.run(["sh", "-c", line], cwd=tmp_path, check=True)
    assert sqlite3.connect(tmp_path / "ledger-backup.db").execute("SELECT * FROM scores").fetchall() == [
        ("kept",)
    ]
    ledger.close()
