"""How the server process is started, hosted and kept from pausing."""

from __future__ import annotations

import gc
import socket
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from bentoml._internal.configuration.containers import BentoMLContainer
from starlette.testclient import TestClient

from data_checks.errors import BatonError
from serving import garbage
from serving.server import SERVICE, serve, server_command, server_environment
from serving.settings import Settings


def test_the_server_listens_where_the_settings_say():
    """Host and port reach BentoML's command line, and every process below it."""
    settings = Settings(host="127.0.0.1", port=4321)
    command = server_command(settings)
    assert command[command.index("--host") + 1] == "127.0.0.1"
    assert command[command.index("--port") + 1] == "4321"
    assert server_environment(settings, {"BATON_PORT": "1"})["BATON_PORT"] == "4321"


def test_a_taken_port_is_said_before_anything_starts():
    """The error names the address and what to set."""
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(BatonError, match=f"127.0.0.1 port {port}.*BATON_PORT"):
            serve(Settings(port=port))


def test_a_missing_driver_is_said_before_anything_starts(monkeypatch):
    """A PostgreSQL ledger without psycopg does not get as far as a server that cannot start."""
    monkeypatch.setattr("serving.ledger.engine.find_spec", lambda _: None)
    with pytest.raises(BatonError, match="install it"):
        serve(Settings(port=0, ledger_url="postgresql://me:pw@nowhere/baton"))


def test_nothing_is_reported_to_anyone():
    """BentoML's usage tracking is off, whatever the environment says."""
    assert server_environment(Settings(), {"BENTOML_DO_NOT_TRACK": "False"})["BENTOML_DO_NOT_TRACK"] == "True"


def test_an_operator_may_choose_the_threads():
    """What is a matter of the machine is a default; what the operator sets stays."""
    assert server_environment(Settings(), {})["OMP_NUM_THREADS"] == "1"
    assert server_environment(Settings(), {"OMP_NUM_THREADS": "4"})["OMP_NUM_THREADS"] == "4"


def test_freezing_takes_what_is_alive_out_of_the_collector():
    """A full collection after a model is loaded has next to nothing to walk."""
    thresholds = gc.get_threshold()
    try:
        garbage.freeze()
        assert gc.get_freeze_count() > 10_000
        assert len(gc.get_objects()) < gc.get_freeze_count() / 10
    finally:
        gc.unfreeze()
        gc.set_threshold(*thresholds)


@pytest.fixture(scope="module")
def hosted():
    """The BentoML service."""
    from serving.service import Baton

    return Baton


def test_bentoml_alone_listens_on_loopback(hosted):
    """`bentoml serve` knows nothing of Baton's settings, and must not open what they keep closed."""
    hosted.inject_config()
    assert BentoMLContainer.http.host.get() == "127.0.0.1"


def test_bentoml_has_nothing_to_unpickle(hosted):
    """One service without an API of BentoML's own and without dependencies reads no body of any type."""
    assert (hosted.apis, hosted.dependencies) == ({}, {})
    assert f"{hosted.import_string}" == SERVICE


def test_every_address_is_answered_by_baton_and_none_by_bentoml(hosted, tmp_path, monkeypatch):
    """BentoML's own routes are not reachable, and its start runs Baton's."""
    monkeypatch.setenv("BATON_LEDGER_URL", f"sqlite:///{tmp_path}/ledger.db")
    monkeypatch.setenv("BATON_MODELS", str(tmp_path / "models"))
    monkeypatch.setenv("BENTOML_HOME", str(tmp_path / "bentoml"))
    with TestClient(hosted.to_asgi()) as client:
        for path in ("/schema.json", "/docs.json", "/static_content/index.css"):
            assert client.get(path).json()["type"] == "/docs#problem-not-found"
        assert client.get("/metrics").json()["type"] == "/docs#problem-no-key"
        assert client.get("/readyz").json()["missing"] == ["model"]
        assert "Not ready" in client.get("/").text
    gc.unfreeze()


def test_the_supervisor_imports_no_more_than_it_must():
    """BentoML's first process imports the service without FastAPI, pandas and the models."""
    heavy = {"fastapi", "pandas", "lightgbm"}
    code = f"import sys, serving.service; print(sorted({heavy} & set(sys.modules)))"
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
