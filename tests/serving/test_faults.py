"""A server that is stopped or killed while it is asked: counted, nothing is lost and nothing doubled."""

from __future__ import annotations

import itertools
import json
import signal
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from threading import Event
from typing import Any

import httpx
import psutil
import pytest

from live_server import Server
from serving.ledger.tables import FEEDBACK, REQUESTS

CLIENTS = 4


@pytest.fixture
def server(tmp_path, tiny_bundle):
    """A server with a champion, not started yet."""
    made = Server(tmp_path)
    made.promote(tiny_bundle, "1")
    return made


class Clients:
    """Clients that ask until the server is gone, each request of three leads with a key of its own."""

    def __init__(self, server: Server, a_lead) -> None:
        self.server, self.a_lead = server, a_lead
        self.headers = {"X-API-Key": server.run("keys", "create", "--name", "load")}
        self.sent: list[str] = []
        self.answered: dict[str, bytes] = {}
        self.enough = Event()

    @contextmanager
    def asking(self, least: int) -> Iterator[list[Future[None]]]:
        """Ask all at once; the body of the block begins when ``least`` requests are answered."""
        with ThreadPoolExecutor(CLIENTS) as pool:
            asking = [pool.submit(self._ask, name) for name in range(CLIENTS)]
            self.server.until(lambda: len(self.answered) >= least)
            try:
                yield asking
                # Whose request was under way has lost it and ended; another may have found the next worker.
                wait(asking, timeout=5)
            finally:
                self.enough.set()
            for done in asking:
                done.result(timeout=30)

    def _ask(self, name: int) -> None:
        for turn in itertools.count():
            if self.enough.is_set():
                return
            key = f"{name}-{turn}"
            self.sent.append(key)
            try:
                answer = self.post(key)
            except httpx.TransportError:
                return
            assert answer.status_code == 200, answer.text
            self.answered[key] = answer.content

    def post(self, key: str) -> httpx.Response:
        """Send the request of a key, on a connection of its own."""
        leads = [self.a_lead(f"{key}-{place}") for place in range(3)]
        own = {**self.headers, "Idempotency-Key": key}
        return httpx.post(f"{self.server.url}/score", json={"leads": leads}, headers=own, timeout=20)


class SalesClients(Clients):
    """Clients that say what sales thinks of a lead, again and again, each time with a key of its own."""

    def __init__(self, server: Server, a_lead) -> None:
        super().__init__(server, a_lead)
        scopes = ("--scope", "score", "--scope", "feedback")
        self.headers = {"X-API-Key": server.run("keys", "create", "--name", "sales", *scopes)}
        body = {"leads": [a_lead("L-1")]}
        httpx.post(f"{server.url}/score", json=body, headers=self.headers, timeout=20).raise_for_status()

    def post(self, key: str) -> httpx.Response:
        """Send the word of a key, on a connection of its own."""
        said = {"lead_id": "L-1", "verdict": "accepted", "by": "Ada", "comment": key}
        own = {**self.headers, "Idempotency-Key": key}
        return httpx.post(f"{self.server.url}/feedback", json=said, headers=own, timeout=20)


def ids_of(answers: dict[str, bytes]) -> list[str]:
    return [one["score_id"] for body in answers.values() for one in json.loads(body)["scores"]]


def kill(process: psutil.Process) -> None:
    for one in [process, *process.children(recursive=True)]:
        one.kill()


def test_a_server_that_is_stopped_answers_what_it_has_taken_on(server, a_lead):
    """After SIGTERM in mid-load every process ends, and exactly what is in the ledger was answered."""
    with server.running() as process:
        server.until_ready()
        clients = Clients(server, a_lead)
        family = [process, *process.children(recursive=True)]
        with clients.asking(least=40):
            process.send_signal(signal.SIGTERM)
        _, alive = psutil.wait_procs(family, timeout=20)
        assert alive == []
    assert Counter(ids_of(clients.answered)) == Counter(row["score_id"] for row in server.rows())
    assert "Traceback" not in server.log.read_text()


def test_after_a_kill_a_replay_loses_nothing_and_doubles_nothing(server, a_lead):
    """After a kill -9 in mid-load each request is sent again with its key: three rows each, not one more."""
    with server.running() as process:
        server.until_ready()
        clients = Clients(server, a_lead)
        with clients.asking(least=40):
            kill(process)
    assert len(clients.sent) > len(clients.answered) >= 40
    written = {row["score_id"] for row in server.rows()}
    assert set(ids_of(clients.answered)) <= written
    with server.running():
        server.until_ready()
        again = {key: clients.post(key) for key in clients.sent}
    assert {answer.status_code for answer in again.values()} == {200}
    assert {key: again[key].content for key in clients.answered} == clients.answered
    rows = server.rows()
    assert len(rows) == 3 * len(clients.sent)
    assert Counter(row["lead_id"] for row in rows) == {
        f"{key}-{place}": 1 for key in clients.sent for place in range(3)
    }
    assert written <= {row["score_id"] for row in rows}
    assert len(server.rows(REQUESTS)) == len(clients.sent)


def test_after_a_kill_what_sales_said_is_there_once(server, a_lead):
    """After a kill -9 in mid-load all that was confirmed is in the ledger, and a replay doubles nothing."""
    with server.running() as process:
        server.until_ready()
        clients = SalesClients(server, a_lead)
        with clients.asking(least=40):
            kill(process)
    written = {row["comment"] for row in server.rows(FEEDBACK)}
    assert set(clients.answered) <= written
    with server.running():
        server.until_ready()
        again = {key: clients.post(key) for key in clients.sent}
    assert {key: again[key].content for key in clients.answered} == clients.answered
    assert Counter(row["comment"] for row in server.rows(FEEDBACK)) == Counter(clients.sent)


def test_a_worker_that_is_killed_is_started_again(server, a_lead):
    """The supervisor starts another worker, and a replay after the gap doubles nothing."""
    with server.running() as process:
        server.until_ready()
        clients = Clients(server, a_lead)
        with clients.asking(least=20):
            for worker in process.children(recursive=True):
                if "worker" in " ".join(worker.cmdline()):
                    worker.kill()
        server.until_ready()
        again = {key: clients.post(key) for key in clients.sent}
    assert {answer.status_code for answer in again.values()} == {200}
    assert len(server.rows()) == 3 * len(clients.sent)


def test_a_champion_damaged_on_disk_leaves_the_old_one_under_load(server, tiny_bundle, a_lead):
    """A damaged bundle is refused with its reason while every request is answered by the model before it."""
    with server.running() as process:
        server.until_ready()
        clients = Clients(server, a_lead)
        with clients.asking(least=20):
            server.shelf.put(tiny_bundle, "2")
            server.shelf.promote("2", by="a test", reason="to be damaged")
            server.until(lambda: _model(clients)["model_version"] == "2")
            _damage_and_promote(server, tiny_bundle)
            server.until(lambda: _model(clients)["not_loaded"])
            told, asked = _model(clients), len(clients.answered)
            server.until(lambda: len(clients.answered) > asked + 8)
            process.send_signal(signal.SIGTERM)
    assert told["model_version"] == "2"
    assert "a bundle is used as it was built" in told["not_loaded"]
    assert {row["model_version"] for row in server.rows()} == {"1", "2"}


def _model(clients: Clients) -> dict[str, Any]:
    return clients.server.get("/model", headers=clients.headers).json()


def _damage_and_promote(server: Server, bundle) -> None:
    with (server.shelf.put(bundle, "3") / "model.json").open("a") as model:
        model.write("\n")
    # The shelf would not promote it: it reads the bundle first. A disk that fails later asks nobody.
    pointer = server.shelf.pointer
    pointer.write_text(pointer.read_text().replace('"version": "2"', '"version": "3"'))
