"""The servers that are compared, each a process of its own with one worker."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psutil

PATIENCE: Final = 120.0


@dataclass(frozen=True)
class Server:
    """A server that answers at ``url``."""

    name: str
    url: str
    headers: Mapping[str, str]
    process: psutil.Process


Start = Callable[[Path, Path], AbstractContextManager[Server]]
"""Starts a server: from the folder of the model, in a folder of its own."""


@contextmanager
def baton(home: Path, folder: Path) -> Iterator[Server]:
    """Start Baton as an operator would, with checks, reasons and ledger."""
    from serving.key_store import create_key
    from serving.ledger.ledger import Ledger

    ledger = f"sqlite:///{folder}/ledger.db"
    with closing(Ledger(ledger, 2.0)) as opened:
        opened.open()
        key = create_key(opened, "benchmark", ("score",)).text
    settings = {
        "BATON_LEDGER_URL": ledger,
        "BATON_MODELS": str(home / "shelf"),
        "BATON_MAX_BODY_BYTES": str(2**25),
    }
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    with _started(["-m", "serving", "serve"], settings, folder) as (port, process):
        yield Server("baton", f"http://127.0.0.1:{port}/score", headers, process)


def rival(name: str, words: Sequence[str], path: str = "/score") -> Start:
    """Return how a rival is started; ``PORT`` among the words is its port."""

    @contextmanager
    def start(home: Path, folder: Path) -> Iterator[Server]:
        settings = {"RIVAL_HOME": str(home), "RIVAL_LEDGER": str(folder / "rival.db")}
        shown = [word.replace("HOME", str(home)) for word in words]
        with _started(shown, settings, folder) as (port, process):
            headers = {"Content-Type": "application/json"}
            yield Server(name, f"http://127.0.0.1:{port}{path}", headers, process)

    return start


_UVICORN: Final = ("--host", "127.0.0.1", "--port", "PORT", "--no-access-log", "--workers", "1")
SERVERS: Final[Mapping[str, Start]] = {
    "baton": baton,
    "fastapi": rival("fastapi", ["-m", "uvicorn", "benchmarks.endpoint.with_fastapi:app", *_UVICORN]),
    "fastapi_pandas": rival(
        "fastapi_pandas", ["-m", "uvicorn", "benchmarks.endpoint.with_pandas:app", *_UVICORN]
    ),
    "bentoml": rival(
        "bentoml",
        [
            "-m",
            "bentoml",
            "serve",
            "benchmarks.endpoint.with_bentoml:Rival",
            "--host",
            "127.0.0.1",
            "--port",
            "PORT",
        ],
    ),
    "mlflow": rival(
        "mlflow",
        [
            "-m",
            "mlflow",
            "models",
            "serve",
            "-m",
            "HOME/mlflow_model",
            "--env-manager",
            "local",
            "-h",
            "127.0.0.1",
            "-p",
            "PORT",
            "-w",
            "1",
        ],
        "/invocations",
    ),
}


@contextmanager
def _started(
    words: Sequence[str], settings: Mapping[str, str], folder: Path
) -> Iterator[tuple[int, psutil.Process]]:
    port = _free_port()
    shown = [word.replace("PORT", str(port)) for word in words]
    environment = {
        **os.environ,
        **settings,
        "BATON_PORT": str(port),
        "BENTOML_HOME": str(folder / "bentoml"),
        "BENTOML_DO_NOT_TRACK": "True",
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "OMP_WAIT_POLICY": "passive",
        "OMP_NUM_THREADS": "1",
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    with (folder / "server.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, *shown],
            cwd=folder,
            env=environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            _wait_for(port, process, folder / "server.log")
            yield port, psutil.Process(process.pid)
        finally:
            process.terminate()
            process.wait(timeout=60)


def _free_port() -> int:
    with closing(socket.socket()) as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/ping", timeout=2):
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.3)
    raise SystemExit(f"a server did not come up: {log.read_text()[-2000:]}")
