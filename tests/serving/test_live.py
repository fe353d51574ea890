"""The real server process, with a real model trained on the spot."""

from __future__ import annotations

import json
import signal
import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import httpx
import psutil
import pytest

from live_server import Server
from models.shelf import Shelf


@pytest.fixture
def server(tmp_path):
    """A server that is not started yet."""
    return Server(tmp_path)


def test_the_server_scores_by_curl_changes_its_model_and_stops_cleanly(server, tiny_bundle, a_lead):
    """From an empty folder to a score: start, key, promotion, curl; then SIGTERM ends every process."""
    shelf = Shelf(server.folder / "models")
    with server.running() as process:
        family = [process, *process.children(recursive=True)]
        assert server.get("/readyz").json() == {"status": "not ready", "missing": ["model"]}
        key = server.run("keys", "create", "--name", "curl")
        shelf.put(tiny_bundle, "1")
        shelf.promote("1", by="a test", reason="the first")
        server.until(lambda: server.get("/readyz").status_code == 200)
        large = {**a_lead("L-1", number_of_employees=900, hobby="chess"), "activities": VISITS}
        bad = a_lead("L-2", created_at="03/04/2026")
        small = a_lead("L-3", number_of_employees=20)
        answer = curl(server, key, json.dumps({"leads": [large, bad, small]}))
        first, rejected, last = answer["scores"]
        assert first["probability"] > last["probability"]
        assert (first["model_version"], first["agreement_version"]) == ("1", "2026.11")
        assert first["reasons"]
        assert "hobby" in {issue["field"] for issue in first["issues"]}
        assert (rejected["decision"], rejected["probability"]) == ("reject", None)
        assert "created_at" in {issue["field"] for issue in rejected["issues"]}
        assert server.get("/schema.json").headers["content-type"] == "application/problem+json"
        assert "server" not in server.get("/").headers
        shelf.put(tiny_bundle, "2")
        shelf.promote("2", by="a test", reason="the second")
        headers = {"X-API-Key": key}
        server.until(lambda: server.get("/model", headers=headers).json()["model_version"] == "2")
        figures = server.get("/metrics", headers=headers).text
        assert 'baton_requests_total{method="POST",route="/score",status="200"} 1.0' in figures
        assert "baton_ledger_up 1.0" in figures
        process.send_signal(signal.SIGTERM)
        _, alive = psutil.wait_procs(family, timeout=15)
        assert alive == []
        with pytest.raises(httpx.ConnectError):
            server.get("/livez")
    assert {score["score_id"] for score in answer["scores"]} == written(server)
    log = server.log.read_text()
    assert f"Baton starts on {server.url}" in log
    assert "Traceback" not in log
    assert key not in log


VISITS = [{"activity_type": "Web Visit", "occurred_at": "2026-09-01T10:00:00Z"}] * 4


def curl(server: Server, key: str, body: str) -> dict[str, list[dict[str, object]]]:
    words = ["curl", "-sS", f"{server.url}/score", "-H", f"X-API-Key: {key}"]
    words += ["-H", "Content-Type: application/json", "-d", "@-"]
    done = subprocess.run(words, input=body, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def written(server: Server) -> set[object]:
    return {row["score_id"] for row in server.rows()}


def test_a_killed_server_has_lost_no_score_that_it_answered(server, tiny_bundle, a_lead):
    """Whatever was answered before a kill -9 is in the ledger."""
    shelf = Shelf(server.folder / "models")
    shelf.put(tiny_bundle, "1")
    shelf.promote("1", by="a test", reason="to be killed")
    headers = {"X-API-Key": server.run("keys", "create", "--name", "load")}
    answered: list[str] = []

    def ask(number: int) -> None:
        with suppress(httpx.TransportError), httpx.Client(base_url=server.url, headers=headers) as client:
            for turn in range(1000):
                answer = client.post("/score", json={"leads": [a_lead(f"L-{number}-{turn}")]})
                answered.append(answer.json()["scores"][0]["score_id"])

    with server.running() as process, ThreadPoolExecutor(4) as pool:
        server.until(lambda: server.get("/readyz").status_code == 200)
        asking = [pool.submit(ask, number) for number in range(4)]
        server.until(lambda: len(answered) > 40)
        for one in [process, *process.children(recursive=True)]:
            one.kill()
        for done in asking:
            done.result(timeout=20)
    assert len(answered) > 40
    assert set(answered) <= written(server)
