"""A bento serves by itself: built once, started from its own folder without the training stack."""

from __future__ import annotations

import json
import os
import re
import shlex
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import httpx
import psutil
import pytest
import yaml

from crm_tables import agreed
from data_checks.errors import BatonError
from features.lead_input import Activity, LeadInput
from features.moments import parse_moment
from models.scorer import load_scorer
from models.shelf import Shelf
from serving.bento import ROOMS, build_bento, lay_out
from serving_only import environment_of_serving, pins
from tiny_bundle import save_tiny_bundle

ROOT = Path(__file__).parents[2]
AS_OF, CREATED, VISITED = "2026-10-01T00:00:00Z", "2026-09-01T08:30:00Z", "2026-09-02T10:00:00Z"


@pytest.fixture(scope="module")
def shelf(tmp_path_factory) -> Shelf:
    """A shelf with two versions; the second is the champion."""
    folder = tmp_path_factory.mktemp("project")
    save_tiny_bundle(agreed(), folder / "bundle")
    shelf = Shelf(folder / "var" / "models")
    for version in ("1", "2"):
        shelf.put(folder / "bundle", version)
        shelf.promote(version, "Ada", "a test")
    return shelf


@pytest.fixture(scope="module")
def bento(shelf, tmp_path_factory) -> Path:
    """The folder of a bento, built by the command."""
    store = tmp_path_factory.mktemp("bentoml")
    environment = {**os.environ, "BENTOML_HOME": str(store), "BATON_MODELS": str(shelf.root)}
    environment["PYTHONPATH"] = str(ROOT)
    words = [sys.executable, "-m", "serving", "bento"]
    done = subprocess.run(words, cwd=store, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    name, _, version = done.stdout.strip().rpartition(":")
    assert name == "baton"
    return store / "bentos" / name / version


def test_a_bento_holds_what_serves_and_no_more(bento, shelf):
    """Code of the serving door, the lock and the champion: no other version, no pipeline, no pickle."""
    source = bento / "src"
    assert {path.name for path in source.iterdir()} == {
        *ROOMS,
        "bentofile.yaml",
        "requirements-serving.lock",
        "var",
    }
    assert {path.name for path in (source / "var" / "models").iterdir()} == {"2", "champion.json"}
    assert Shelf(source / "var" / "models").champion()[0] == "2"
    kinds = {path.suffix for path in bento.rglob("*") if path.is_file()}
    assert not kinds & {
        ".pkl",
        ".pickle",
        ".joblib",
        ".npy",
        ".npz",
        ".pyc",
        ".so",
        ".db",
        ".csv",
        ".parquet",
    }
    told = yaml.safe_load((bento / "bento.yaml").read_text())
    assert (told["service"], told["labels"]) == ("serving.service:Baton", {"model_version": "2"})
    asked = pins(bento / "env" / "python" / "requirements.txt")
    assert asked == pins(ROOT / "requirements-serving.lock")
    assert (source / "requirements-serving.lock").read_bytes() == (
        ROOT / "requirements-serving.lock"
    ).read_bytes()


def test_a_bento_scores_from_its_folder_as_the_scorer_does_in_process(bento, shelf, tmp_path):
    """Started as the systemd unit starts it, where only the serving lock is installed: the same bits."""
    lead = LeadInput(
        "L-1",
        parse_moment(AS_OF),
        {"created_at": CREATED, "number_of_employees": "900"},
        (Activity("Web Visit", parse_moment(VISITED)),) * 3,
    )
    [expected] = load_scorer(shelf.root / "2", "2").score([lead])
    body = {
        "lead_id": "L-1",
        "as_of": AS_OF,
        "fields": {"created_at": CREATED, "number_of_employees": 900},
        "activities": [{"activity_type": "Web Visit", "occurred_at": VISITED}] * 3,
    }
    with started(bento / "src", tmp_path) as (url, environment):
        words = [sys.executable, "-m", "serving", "keys", "create", "--name", "crm"]
        made = subprocess.run(
            words, cwd=bento / "src", env=environment, capture_output=True, text=True, check=True
        )
        health = [sys.executable, "-c", health_check().replace("3000", url.rpartition(":")[2])]
        assert subprocess.run(health, env=environment, check=False).returncode == 0
        answer = httpx.post(
            f"{url}/score", json={"leads": [body]}, headers={"X-API-Key": made.stdout.strip()}, timeout=10
        )
    [score] = answer.json()["scores"]
    assert struct.pack("<d", score["probability"]) == struct.pack("<d", expected.probability)
    assert score["model_version"] == "2"
    assert [reason["effect"] for reason in score["reasons"]] == [reason.effect for reason in expected.reasons]


@contextmanager
def started(source: Path, folder: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Start Baton in the folder of its source, with the words of the unit; it is ready when this yields."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (folder / "site").mkdir()
    secrets = folder / "secrets"
    secrets.mkdir()
    (secrets / "baton_ledger_url").write_text(f"sqlite:///{folder}/ledger.db\n")
    environment = {
        **environment_of_serving(folder / "site"),
        "BATON_PORT": str(port),
        "BATON_REFRESH_SECONDS": "0.05",  # how soon a new key is known
        "BATON_SECRETS_DIR": str(secrets),
        "BENTOML_HOME": str(folder / "bentoml"),
    }
    url, log = f"http://127.0.0.1:{port}", folder / "log"
    words = [sys.executable, *command_of_the_unit()[1:]]
    with log.open("w") as out:
        process = subprocess.Popen(words, cwd=source, env=environment, stdout=out, stderr=subprocess.STDOUT)
    family = [psutil.Process(process.pid)]
    try:
        until_ready(url, log)
        family += family[0].children(recursive=True)
        yield url, environment
    finally:
        for one in family:
            with suppress(psutil.NoSuchProcess):
                one.kill()
        process.wait()


def command_of_the_unit() -> list[str]:
    """Return the command line that systemd runs."""
    lines = (ROOT / "deploy" / "baton.service").read_text().splitlines()
    [line] = [line for line in lines if line.startswith("ExecStart=")]
    return shlex.split(line.removeprefix("ExecStart="))


def health_check() -> str:
    """Return the program with which the image asks whether it is well."""
    [line] = re.findall(r'CMD (\["python", "-c", .*\])', (ROOT / "deploy" / "Containerfile").read_text())
    return json.loads(line)[2]


def until_ready(url: str, log: Path) -> None:
    """Wait until the server is ready to score."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        with suppress(httpx.TransportError):
            if httpx.get(f"{url}/readyz", timeout=5).status_code == 200:
                return
        time.sleep(0.1)
    raise AssertionError(f"it did not get ready:\n{log.read_text()}")


def test_without_a_champion_there_is_no_bento(tmp_path):
    """The error says what to do, before BentoML is started."""
    with pytest.raises(BatonError, match="baton promote"):
        build_bento(tmp_path)


def test_a_damaged_champion_is_not_packed(shelf, tmp_path):
    """A bento that could not start is not built."""
    save_tiny_bundle(agreed(), tmp_path / "bundle")
    own = Shelf(tmp_path / "models")
    own.put(tmp_path / "bundle", "1")
    own.promote("1", "Ada", "a test")
    (own.root / "1" / "facts.json").write_text("{}")
    (tmp_path / "stage").mkdir()
    with pytest.raises(BatonError, match=r"facts\.json"):
        lay_out(own.root, tmp_path / "stage")
