"""The real server process, in a folder of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import httpx
import psutil
from sqlalchemy import Table, select

from models.shelf import Shelf
from serving.ledger.ledger import Ledger
from serving.ledger.tables import SCORES

ROOT = Path(__file__).parents[2]


class Server:
    """A server process of its own on a free port, with a folder of its own."""

    def __init__(self, folder: Path, **settings: str) -> None:
        with closing(socket.socket()) as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "BATON_PORT": str(self.port),
            "BATON_LEDGER_URL": f"sqlite:///{folder}/ledger.db",
            "BATON_MODELS": str(folder / "models"),
            "BATON_REFRESH_SECONDS": "0.2",
            **settings,
        }
        self.ledger_url = self.environment["BATON_LEDGER_URL"]
        self.folder = folder
        self.log = folder / "server.log"
        self.shelf = Shelf(folder / "models")

    def promote(self, bundle: Path, version: str) -> None:
        """Put a bundle on the server's shelf and serve it."""
        self.shelf.put(bundle, version)
        self.shelf.promote(version, by="a test", reason="a test")

    def run(self, *words: str) -> str:
        """Run `python -m serving` with words, and return what it printed."""
        command = [sys.executable, "-m", "serving", *words]
        return subprocess.run(
            command, cwd=self.folder, env=self.environment, capture_output=True, text=True, check=True
        ).stdout.strip()

    @contextmanager
    def running(self) -> Iterator[psutil.Process]:
        """Start the server, and kill what is left of it at the end."""
        with self.log.open("a") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "serving", "serve"],
                cwd=self.folder,
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        family = [found := psutil.Process(process.pid)]
        try:
            self.until(lambda: self.get("/livez").status_code == 200)
            family += found.children(recursive=True)
            yield found
        finally:
            for one in family:
                with suppress(psutil.NoSuchProcess):
                    one.kill()
            process.wait()

    def get(self, path: str, **options: object) -> httpx.Response:
        """Get an address."""
        return httpx.get(f"{self.url}{path}", timeout=5, **options)

    def until(self, condition: Callable[[], bool], seconds: float = 60.0) -> None:
        """Wait for a condition."""
        end = time.monotonic() + seconds
        while True:
            with suppress(httpx.TransportError):
                if condition():
                    return
            if time.monotonic() > end:
                raise AssertionError(f"it did not come in {seconds} s:\n{self.log.read_text()}")
            time.sleep(0.1)

    def until_ready(self) -> None:
        """Wait until it can score."""
        self.until(lambda: self.get("/readyz").status_code == 200)

    def rows(self, table: Table = SCORES) -> list[dict[str, object]]:
        """Return the rows of a table of its ledger."""
        with closing(Ledger(self.ledger_url, 5.0)) as ledger:
            ledger.open()
            with ledger.reading() as connection:
                return [row._asdict() for row in connection.execute(select(table))]
