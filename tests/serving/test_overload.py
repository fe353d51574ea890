"""Too much at once: a quick refusal, and then work as ever."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor, as_completed
from itertools import islice

import pytest


@pytest.fixture
def slow(new_scorer):
    """A scorer that waits until it is let go."""

    class Slow(new_scorer):
        def __init__(self) -> None:
            super().__init__()
            self.busy, self.go = threading.Event(), threading.Event()

        def score(self, leads, explained=None):
            """Wait, unless it is the rehearsal."""
            if leads and leads[0].lead_id != "rehearsal":
                self.busy.set()
                assert self.go.wait(10)
            return super().score(leads, explained)

    return Slow()


@pytest.mark.parametrize("limit", [{"max_requests": 2}, {"max_waiting_leads": 2}])
def test_what_is_too_much_is_refused_at_once(make_service, a_lead, slow, limit):
    """Beyond its limits Baton answers 503 without waiting, and all that it took on is answered."""
    service = make_service(load=lambda *_: slow, **limit)
    with ThreadPoolExecutor(6) as pool:
        asked = [pool.submit(service.score, [a_lead()]) for _ in range(6)]
        refused = [future.result() for future in islice(as_completed(asked, timeout=10), 4)]
        slow.go.set()
        answers = [future.result() for future in asked]
    assert sorted(answer.status_code for answer in answers) == [200] * 2 + [503] * 4
    for busy in refused:
        assert (busy.status_code, busy.json()["type"]) == (503, "/docs#problem-busy")
        assert busy.headers["retry-after"] == "1"
    assert service.score([a_lead()]).status_code == 200


@pytest.mark.parametrize("limit", [{"max_waiting_bytes": 2100}, {"max_waiting_leads": 1}])
def test_what_is_too_much_is_refused_before_it_is_read(make_service, a_lead, slow, limit):
    """Where there is no room for a body, not even its faults are looked for."""
    service = make_service(load=lambda *_: slow, **limit)
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(service.score, [a_lead()])
        assert slow.busy.wait(10)
        answer = service.send(b"{" * 2000)
        slow.go.set()
        assert asked.result().status_code == 200
    assert (answer.status_code, answer.json()["type"]) == (503, "/docs#problem-busy")


def test_a_large_body_alone_has_room(make_service, a_lead):
    """What may be sent at all is taken when nothing else is under way."""
    service = make_service(max_waiting_bytes=1024)
    leads = [a_lead(f"L-{number}") for number in range(20)]
    assert service.score(leads).status_code == 200


def test_health_is_answered_while_the_model_works(make_service, a_lead, slow):
    """Scoring does not hold up the event loop."""
    service = make_service(load=lambda *_: slow)
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(service.score, [a_lead()])
        assert slow.busy.wait(10)
        assert service.client.get("/livez").status_code == 200
        slow.go.set()
        assert asked.result().status_code == 200
