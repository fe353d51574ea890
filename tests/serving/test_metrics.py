"""Figures for Prometheus: true, bounded in number, and nobody's."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy.exc import OperationalError

from serving.api_keys import Limits
from serving.key_store import create_key
from serving.ledger.ledger import Ledger

ROOT = Path(__file__).parents[2]


def figures(service):
    """Return the figures by name and labels."""
    answer = service.client.get("/metrics", headers=service.headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    return read(answer.text)


def read(text):
    return {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_requests_are_counted_by_route_method_and_status(service, a_lead):
    """A route is its template: no address that somebody made up becomes a label, nor does a method."""
    service.score([a_lead()])
    service.score([])
    service.client.get("/model", headers=service.headers)
    service.client.get("/leads/jane.doe@example.com/nothing")
    service.client.request("BREW", "/score")
    found = figures(service)
    assert found["baton_requests_total", "/score", "200", "POST"] == 1
    assert found["baton_requests_total", "/score", "422", "POST"] == 1
    assert found["baton_requests_total", "/model", "200", "GET"] == 1
    assert found["baton_requests_total", "/score", "405", "other"] == 1
    assert found["baton_request_seconds_count", "/score"] == 3
    assert found["baton_request_seconds_sum", "/score"] > 0
    assert not [key for key in found if "jane" in str(key)]


def test_leads_are_counted_by_decision_and_grade(service, a_lead):
    """What was answered and written is counted, and how many were worked on together."""
    service.score(
        [a_lead("L-1"), a_lead("L-2"), a_lead("L-3", country=None), a_lead("L-4", number_of_employees=2)]
    )
    found = figures(service)
    assert found["baton_leads_scored_total", "A", "hand_off"] == 2
    assert found["baton_leads_scored_total", "none", "reject"] == 1
    assert sum(value for (name, *_), value in found.items() if name == "baton_leads_scored_total") == 4
    assert (found[("baton_group_leads_count",)], found[("baton_group_leads_sum",)]) == (1, 4)
    assert found[("baton_ledger_commit_seconds_count",)] == 1
    assert found[("baton_waiting_leads",)] == 0


def test_what_was_not_written_is_not_counted(service, a_lead, monkeypatch):
    """With the ledger gone nothing counts as scored or committed, and the ledger is down."""

    def fail(*_):
        raise OperationalError("INSERT", {}, Exception("gone"))

    monkeypatch.setattr(Ledger, "_kept_writer", fail)
    assert service.score([a_lead()]).status_code == 503
    found = figures(service)
    assert found[("baton_ledger_commit_seconds_count",)] == 0
    assert found["baton_requests_total", "/score", "503", "POST"] == 1
    assert not [key for key in found if key[0] == "baton_leads_scored_total"]


def test_the_model_the_ledger_and_refusals_are_shown(make_service, a_lead):
    """Which model serves and since when, whether the ledger is up, and which key asked too much."""
    service = make_service(limits=Limits(per_minute=3))
    assert [service.score([a_lead("L-1"), a_lead("L-2"), a_lead("L-3")]).status_code for _ in "ab"] == [
        200,
        429,
    ]
    key_id = service.key.split("_")[1]
    with service.ledger() as ledger:
        service.headers = {"X-API-Key": create_key(ledger, "prometheus", ("read",)).text}
    service.client.portal.call(asyncio.to_thread, service.client.app.state.running.refresh)
    found = figures(service)
    assert found["baton_model_info", "2026.11", "7", "champion", "trees"] == 1
    assert 0 < found["baton_model_age_seconds", "champion"] < 60
    assert found[("baton_ledger_up",)] == 1
    assert found["baton_rate_limited_requests_total", key_id] == 1


def test_a_challenger_is_shown_when_there_is_one(service, new_scorer):
    """A second model that is being looked at has a role of its own."""
    room = service.client.app.state.running
    served = SimpleNamespace(scorer=new_scorer("8"), since=room.champion.served.since)
    room.challenger.served = served
    assert figures(service)["baton_model_info", "2026.11", "8", "challenger", "trees"] == 1


@pytest.mark.parametrize("scopes", [(), ("score",)])
def test_figures_need_a_key_that_may_read(make_service, scopes):
    """Prometheus sends a key as a bearer token, and it needs the scope `read`."""
    service = make_service(scopes=scopes)
    assert service.client.get("/metrics", headers=service.headers if scopes else {}).status_code in {401, 403}


def test_two_services_in_one_process_count_apart(make_service, a_lead):
    """Nothing is global: each application has a registry of its own."""
    one, other = make_service(), make_service()
    one.score([a_lead()])
    assert ("baton_requests_total", "/score", "200", "POST") not in figures(other)
    assert figures(one)["baton_requests_total", "/score", "200", "POST"] == 1


WORKER = """
import sys
from types import SimpleNamespace
from serving.metrics import Metrics
from serving.exposition import exposition

metrics = Metrics()
metrics.answered("/score", "POST", 200, 0.01)
metrics.scored([{"decision": "hand_off", "grade": "A"}])
metrics.waiting(5)
room = SimpleNamespace(
    metrics=metrics,
    desk=SimpleNamespace(waiting=5),
    ledger=SimpleNamespace(fault=None),
    champion=SimpleNamespace(served=None),
    challenger=SimpleNamespace(served=None),
)
print(exposition(room).decode())
"""


def test_shared_figures_have_their_room_on_disk_from_the_start(tmp_path):
    """The files are not sparse: a disk that fills up later cannot end the process."""
    environment = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path), "PYTHONPATH": str(ROOT)}
    code = "from serving.metrics import Metrics; Metrics()"
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)
    files = {file.name.rsplit("_", 1)[0]: file.stat() for file in tmp_path.iterdir()}
    assert set(files) == {"counter", "gauge_livesum", "histogram"}
    assert all(found.st_blocks * 512 >= found.st_size for found in files.values())


def test_workers_add_up_and_a_dead_one_waits_for_nothing(tmp_path):
    """Any worker shows what all have counted; what a worker that has gone had waiting is not shown."""
    environment = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path), "PYTHONPATH": str(ROOT)}
    outputs = [
        subprocess.run(
            [sys.executable, "-c", WORKER], env=environment, capture_output=True, text=True, check=True
        )
        for _ in range(2)
    ]
    found = read(outputs[1].stdout)
    assert found["baton_requests_total", "/score", "200", "POST"] == 2
    assert found["baton_leads_scored_total", "A", "hand_off"] == 2
    assert found["baton_request_seconds_count", "/score"] == 2
    assert found[("baton_waiting_leads",)] == 5
    assert found[("baton_ledger_up",)] == 1
    assert not re.search("pid=", outputs[1].stdout)
