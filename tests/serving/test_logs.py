"""The log: enough to run a service by, and nothing about anybody."""

from __future__ import annotations

import logging
import re

import pytest

SECRETS = ("jane.doe@example.com", "Nordwind", "L-secret", "Logistics", "hunter2")


@pytest.fixture
def log(caplog):
    """What Baton logs; its logger does not hand on to the root."""
    logger = logging.getLogger("baton")
    logger.addHandler(caplog.handler)
    caplog.set_level(logging.INFO, "baton")
    yield caplog
    logger.removeHandler(caplog.handler)


def test_a_request_is_one_line_without_anything_personal(service, a_lead, log):
    """Method, path, status, leads, key id and time; no field, no lead id, no query, no stray path."""
    service.score([a_lead("L-secret", email=SECRETS[0]), a_lead("L-2", country=None)])
    service.client.get(f"/people/{SECRETS[0]}?token=hunter2")
    service.ask("GET", f"/leads/{SECRETS[0]}?limit=hunter2")
    service.send('{"leads": [{"lead_id": "L-secret", "fields": {"email": ["jane.doe@example.com"]}}]}')
    lines = [record.getMessage() for record in log.records if record.name == "baton.requests"]
    assert re.fullmatch(r"POST /score status=200 leads=2 key=[0-9a-f]{12} ms=\d+\.\d", lines[0])
    assert re.fullmatch(r"GET \(other\) status=404 leads=- key=- ms=\d+\.\d", lines[1])
    assert re.fullmatch(r"GET /leads/{lead_id} status=422 leads=- key=[0-9a-f]{12} ms=\d+\.\d", lines[2])
    assert re.fullmatch(r"POST /score status=422 leads=- key=[0-9a-f]{12} ms=\d+\.\d", lines[3])
    assert len(lines) == 4
    assert not [secret for secret in SECRETS if secret in log.text]


def test_a_failure_shows_neither_stack_trace_nor_values(make_service, new_scorer, a_lead, log):
    """A bug is a 500 with an incident number; the log has the place of the bug under it, and no value."""

    class Failing(new_scorer):
        def score(self, leads, explained=None):
            """Fail as soon as it is not a rehearsal."""
            if leads[0].lead_id != "rehearsal":
                raise ValueError(f"cannot score {leads[0].fields['company']}")
            return super().score(leads, explained)

    service = make_service(load=lambda *_: Failing())
    answer = service.score([a_lead()])
    assert (answer.status_code, answer.json()["type"]) == (500, "/docs#problem-internal")
    incident = re.search(r"incident ([0-9a-f]{32})", answer.json()["detail"])[1]
    assert f"incident={incident} ValueError at " in log.text
    assert "test_logs.py" in log.text
    for secret in SECRETS:
        assert secret not in log.text
        assert secret not in answer.text
    assert "Traceback" not in answer.text


def test_a_failure_of_one_request_is_not_its_neighbours(make_service, new_scorer, a_lead, log):
    """After a bug the next request is answered as ever."""

    class Choosy(new_scorer):
        def score(self, leads, explained=None):
            """Fail for one lead id."""
            if any(lead.lead_id == "L-bad" for lead in leads):
                raise ValueError
            return super().score(leads, explained)

    service = make_service(load=lambda *_: Choosy())
    assert service.score([a_lead("L-bad")]).status_code == 500
    assert service.score([a_lead()]).status_code == 200
