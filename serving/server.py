"""Starting the server process."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Final, NoReturn

from data_checks.errors import BatonError
from serving.ledger.ledger import Ledger
from serving.settings import Settings

SERVICE: Final = "serving.service:Baton"
# Seconds for the requests under way when the server is told to stop.
GRACE: Final = 20
KEEP_ALIVE: Final = 30


def serve(settings: Settings) -> NoReturn:
    """Become BentoML's server, in production mode. It stops on SIGTERM or Ctrl+C.

    Raises:
        BatonError: when the port is taken, or the ledger's driver is not installed.
    """
    _require_free(settings)
    Ledger(settings.ledger_url, settings.ledger_seconds).close()
    sys.stdout.write(
        f"Baton starts on {settings.address}\n"
        f"  {settings.address}/      status, model and agreement\n"
        f"  {settings.address}/docs  the API\n"
    )
    sys.stdout.flush()
    command = server_command(settings)
    os.execve(command[0], command, server_environment(settings, os.environ))  # noqa: S606  no shell wanted


def _require_free(settings: Settings) -> None:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with closing(socket.socket(family)) as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((settings.host, settings.port))
        except OSError as error:
            raise BatonError(
                "Baton listens on an address and port of its own",
                f"{settings.host} port {settings.port}: {error.strerror}",
                "stop what listens there, or set BATON_PORT",
            ) from None


def server_command(settings: Settings) -> list[str]:
    """Return the command line of the server."""
    return [
        sys.executable,
        "-m",
        "bentoml",
        "serve",
        SERVICE,
        "--host",
        settings.host,
        "--port",
        str(settings.port),
        "--timeout-keep-alive",
        str(KEEP_ALIVE),
        "--timeout-graceful-shutdown",
        str(GRACE),
    ]


def server_environment(settings: Settings, environ: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of the server: what the operator set stays, but the settings are these."""
    defaults = {
        "BENTOML_HOME": str(Path("var/bentoml").absolute()),
        # Threads of LightGBM that spin while they wait made a scoring take seconds beside other load.
        "OMP_WAIT_POLICY": "passive",
        "OMP_NUM_THREADS": "1",
    }
    fixed = {
        "BENTOML_DO_NOT_TRACK": "True",
        "BATON_HOST": settings.host,
        "BATON_PORT": str(settings.port),
        "BENTOML_CONFIG_OPTIONS": _with_workers(settings, environ.get("BENTOML_CONFIG_OPTIONS", "")),
    }
    return {**defaults, **environ, **fixed}


def _with_workers(settings: Settings, options: str) -> str:
    """Add the number of workers to what the operator sets; `--api-workers` means other services than ours."""
    return f"{options} services.baton.workers={settings.workers}".strip()
