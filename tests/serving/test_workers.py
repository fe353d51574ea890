"""Two worker processes behave as one service: what they share is the ledger and the shelf."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from live_server import Server
from serving.ledger.tables import HANDOFFS, INPUTS, REQUESTS

TURNS = 10
AT_ONCE = 4


@pytest.fixture(params=["sqlite", "postgresql"])
def server(request, tmp_path, new_postgresql):
    """A server with two workers, on a ledger of each kind."""
    if request.param == "sqlite":
        return Server(tmp_path, BATON_WORKERS="2")
    return Server(tmp_path, BATON_WORKERS="2", BATON_LEDGER_URL=new_postgresql())


def test_two_workers_are_one_service(server, tiny_bundle, a_lead):
    """Keys, champion, idempotency keys and hand-offs hold, whichever worker a request comes to."""
    server.promote(tiny_bundle, "1")
    with server.running(), ThreadPoolExecutor(AT_ONCE) as pool:
        server.until_ready()
        headers = {"X-API-Key": server.run("keys", "create", "--name", "two")}

        def all_say(told: Callable[[httpx.Response], bool]) -> bool:
            answers = list(pool.map(lambda _: server.get("/model", headers=headers), range(4 * AT_ONCE)))
            return all(map(told, answers))

        def hot(name: str) -> dict[str, Any]:
            created = datetime.now(UTC) - timedelta(days=1)
            visit = {"activity_type": "Web Visit", "occurred_at": f"{created + timedelta(hours=1):%FT%TZ}"}
            lead = a_lead(name, created_at=f"{created:%FT%TZ}", number_of_employees=900)
            return {**lead, "activities": [visit] * 6}

        def at_once(lead: dict[str, Any], keys: list[str]) -> list[httpx.Response]:
            def send(key: str) -> httpx.Response:
                own = {**headers, "Idempotency-Key": key}
                return httpx.post(f"{server.url}/score", json={"leads": [lead]}, headers=own, timeout=20)

            return list(pool.map(send, keys))

        server.until(lambda: all_say(lambda answer: answer.status_code == 200))
        began = [server.get("/model", headers=headers).json()["serving_since"] for _ in range(40)]
        assert len(set(began)) == 2

        for turn in range(TURNS):
            answers = at_once(a_lead(f"same-{turn}"), [f"key-{turn}"] * AT_ONCE)
            assert {answer.status_code for answer in answers} == {200}, [one.text for one in answers]
            assert len({answer.content for answer in answers}) == 1
        assert [len(server.rows()), len(server.rows(REQUESTS)), len(server.rows(INPUTS))] == [TURNS] * 3

        for turn in range(TURNS):
            answers = at_once(hot(f"hot-{turn}"), [f"{turn}-{place}" for place in range(AT_ONCE)])
            assert {answer.status_code for answer in answers} == {200}, [one.text for one in answers]
            scores = [answer.json()["scores"][0] for answer in answers]
            assert {one["decision"] for one in scores} == {"hand_off"}
            assert len({one["handoff_id"] for one in scores}) == 1
        opened = Counter(row["lead_id"] for row in server.rows(HANDOFFS))
        assert opened == {f"hot-{turn}": 1 for turn in range(TURNS)}
        assert len(server.rows()) == TURNS + TURNS * AT_ONCE

        server.promote(tiny_bundle, "2")
        server.until(lambda: all_say(lambda answer: answer.json()["model_version"] == "2"))
        server.run("keys", "revoke", headers["X-API-Key"].split("_")[1])
        server.until(lambda: all_say(lambda answer: answer.status_code == 401))
    assert "Traceback" not in server.log.read_text()
