"""A challenger scores beside the champion, or for a share of the leads, and never harms anyone."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from features.lead_input import LeadInput
from serving.champion import Served
from serving.ledger.tables import HANDOFFS, SCORES, SHADOW_SCORES
from serving.opinions import QUIET_SECONDS, Panel, falls_below

LEADS = [f"L-{number}" for number in range(40)]


def until(condition, seconds: float = 5.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return False


@pytest.fixture
def load(new_scorer, new_agreement):
    """Load any version; a `bold` one thinks higher of each lead, `failing` and `short` ones fail at work."""

    class Challenging(new_scorer):
        def score(self, leads, explained=None):
            """Score with more employees, or fail."""
            bigger = [_bigger(one) for one in leads] if self.model_version.startswith("bold") else leads
            if leads and leads[0].lead_id != "rehearsal":
                if self.model_version == "failing":
                    raise ValueError(f"cannot score {leads[0].lead_id}")
                if self.model_version == "short":
                    return super().score(leads, explained)[1:]
            return super().score(bigger, explained)

    def load(_, version):
        if version == "broken":
            raise RuntimeError("bolt")
        return Challenging(version, new_agreement(version="next") if version == "bold" else None)

    return load


def _bigger(lead):
    return replace(lead, fields={**lead.fields, "number_of_employees": "9000"})


def model(service):
    return service.client.get("/model", headers=service.headers).json()


def challenged(service, version: str, *objections: str) -> None:
    service.shelf.challenge(version, *objections)
    assert until(lambda: (model(service)["challenger"] or {}).get("model_version") == version)


def rows(service, table):
    with service.ledger() as ledger, ledger.reading() as connection:
        return {row.score_id: row for row in connection.execute(select(table))}


def asked(service, a_lead, names=LEADS):
    answer = service.score([a_lead(name, number_of_employees=20) for name in names])
    assert answer.status_code == 200, answer.text
    return answer.json()["scores"]


@contextmanager
def logged(caplog) -> Iterator[None]:
    logger = logging.getLogger("baton")
    logger.addHandler(caplog.handler)
    caplog.set_level(logging.INFO, "baton")
    try:
        yield
    finally:
        logger.removeHandler(caplog.handler)


def test_a_challenger_in_shadow_is_noted_and_answers_nobody(make_service, load, a_lead):
    """The champion answers and hands over; what the challenger says stands in the ledger beside it."""
    service = make_service(load=load)
    challenged(service, "bold")
    scores = asked(service, a_lead)
    assert {one["model_version"] for one in scores} == {"7"}
    shadows = rows(service, SHADOW_SCORES)
    assert [one["score_id"] for one in scores] == list(shadows)
    for one in scores:
        other = shadows[one["score_id"]]
        assert (other.lead_id, other.model_version) == (one["lead_id"], "bold")
        assert (other.agreement_version, other.model_rung) == ("next", "trees")
        assert other.probability > one["probability"]
        assert (one["decision"], other.decision) == ("nurture", "hand_off")
    assert rows(service, HANDOFFS) == {}


def test_without_a_challenger_there_is_no_second_opinion(make_service, load, a_lead):
    """Nobody but the champion is asked, and `GET /model` says so."""
    service = make_service(load=load, canary_share=1.0)
    assert {one["model_version"] for one in asked(service, a_lead)} == {"7"}
    assert rows(service, SHADOW_SCORES) == {}
    assert (model(service)["challenger"], model(service)["challenger_not_loaded"]) == (None, None)


def test_a_share_of_the_leads_is_answered_by_the_challenger(make_service, load, a_lead):
    """The same leads every time; their scores are wholly the challenger's, and the champion's are noted."""
    service = make_service(load=load, canary_share=0.5)
    challenged(service, "bold")
    told = model(service)["challenger"]
    assert (told["canary_share"], told["is_objected"], told["agreement_version"]) == (0.5, False, "next")
    chosen = {name for name in LEADS if falls_below(name, 0.5)}
    assert 10 < len(chosen) < 30
    for _ in range(2):
        scores = asked(service, a_lead)
        assert {one["lead_id"] for one in scores if one["model_version"] == "bold"} == chosen
    shadows = rows(service, SHADOW_SCORES)
    for one in scores:
        canary = one["lead_id"] in chosen
        assert shadows[one["score_id"]].model_version == ("7" if canary else "bold")
        assert one["agreement_version"] == ("next" if canary else "2026.11")
        assert one["decision"] == ("hand_off" if canary else "nurture")
        assert one["reasons"]
    assert {row.lead_id for row in rows(service, HANDOFFS).values()} == chosen


def test_rejected_and_unreadable_leads_are_answered_as_ever(make_service, load, a_lead):
    """A lead that cannot be read has no second opinion; one that both reject has a rejection."""
    service = make_service(load=load, canary_share=1.0)
    challenged(service, "bold")
    leads = [a_lead("bad", country=None), {**a_lead("odd"), "as_of": "yesterday"}, a_lead("good")]
    rejected, unreadable, good = service.score(leads).json()["scores"]
    assert [one["decision"] for one in (rejected, unreadable, good)] == ["reject", "reject", "hand_off"]
    assert [one["model_version"] for one in (rejected, unreadable, good)] == ["bold", "7", "bold"]
    shadows = rows(service, SHADOW_SCORES)
    assert {one.lead_id: one.decision for one in shadows.values()} == {"bad": "reject", "good": "hand_off"}


@pytest.mark.parametrize("version", ["failing", "short"])
def test_a_challenger_that_fails_harms_nobody(make_service, load, a_lead, version, caplog):
    """The champion answers with reasons, nothing is noted, and the log says so once, without a value."""
    service = make_service(load=load, canary_share=1.0)
    challenged(service, version)
    with logged(caplog):
        for _ in range(3):
            scores = asked(service, a_lead)
            assert {one["model_version"] for one in scores} == {"7"}
            assert all(one["reasons"] for one in scores)
    assert rows(service, SHADOW_SCORES) == {}
    told = [one.getMessage() for one in caplog.records if one.name == "baton.challenger"]
    assert told == [f"challenger {version} failed on 40 leads, the champion answered: ValueError"]
    assert len(rows(service, SCORES)) == 120


def test_a_failing_challenger_is_told_of_again_after_a_minute(load, caplog):
    """Once a minute the log repeats that a challenger fails."""
    champion, failing = (Served(load(None, name), datetime.now(UTC)) for name in ("7", "failing"))
    now = [0.0]
    panel = Panel(SimpleNamespace(served=failing), 0.0, clock=lambda: now[0])
    lead = LeadInput("L", 1_790_000_000_000_000, {"created_at": "2026-09-01", "country": "DE"})
    with logged(caplog):
        for moment in (0.0, 1.0, QUIET_SECONDS - 1, QUIET_SECONDS, QUIET_SECONDS + 1):
            now[0] = moment
            panel.opinions(champion, [((lead, ()), True)])
    assert len(caplog.records) == 2


def test_a_challenger_that_does_not_load_is_told_and_harms_nobody(make_service, load, a_lead, caplog):
    """`GET /model` and the log say why there is no challenger; the champion answers."""
    service = make_service(load=load, canary_share=1.0)
    with logged(caplog):
        service.shelf.challenge("broken")
        assert until(lambda: model(service)["challenger_not_loaded"])
    assert "bolt" in model(service)["challenger_not_loaded"]
    assert "challenger not loaded" in caplog.text
    assert (model(service)["challenger"], model(service)["not_loaded"]) == (None, None)
    assert service.client.get("/readyz").status_code == 200
    assert {one["model_version"] for one in asked(service, a_lead)} == {"7"}


def test_no_challenger_but_the_one_asked_for_scores(make_service, load, a_lead):
    """When the next challenger does not load, the one before it does not go on in its name."""
    service = make_service(load=load)
    challenged(service, "bold")
    service.shelf.challenge("broken")
    assert until(lambda: model(service)["challenger_not_loaded"])
    asked(service, a_lead)
    assert rows(service, SHADOW_SCORES) == {}


def test_a_challenge_ends_without_a_restart(make_service, load, a_lead):
    """Take the pointer away, and within a moment the champion scores alone."""
    service = make_service(load=load, canary_share=1.0)
    challenged(service, "bold")
    service.shelf.challenger_pointer.unlink()
    assert until(lambda: model(service)["challenger"] is None)
    assert {one["model_version"] for one in asked(service, a_lead)} == {"7"}


def test_a_challenger_that_the_gate_objects_to_answers_nobody(make_service, load, a_lead):
    """Whatever the share, such a challenger stays in shadow, and `GET /model` says why."""
    service = make_service(load=load, canary_share=1.0)
    challenged(service, "bold", "it is clearly worse")
    told = model(service)["challenger"]
    assert (told["is_objected"], told["canary_share"]) == (True, 0.0)
    assert {one["model_version"] for one in asked(service, a_lead)} == {"7"}
    assert len(rows(service, SHADOW_SCORES)) == len(LEADS)


def test_a_replay_is_answered_by_the_ledger_alone(make_service, load, a_lead):
    """A request that is sent again gets the first answer, also from a canary, and no further opinion."""
    service = make_service(load=load, canary_share=1.0)
    challenged(service, "bold")
    headers = {**service.headers, "Idempotency-Key": "k"}
    answers = [service.client.post("/score", json={"leads": [a_lead()]}, headers=headers) for _ in range(2)]
    assert answers[0].content == answers[1].content
    assert len(rows(service, SHADOW_SCORES)) == 1


def test_a_share_grows_around_the_same_leads():
    """Who is in a smaller share is in a larger one; shares are as large as they say."""
    names = [f"lead {number} ü" for number in range(20_000)]
    found = [{name for name in names if falls_below(name, share)} for share in (0.0, 0.05, 0.2, 1.0)]
    assert not found[0]
    assert found[1] < found[2] < found[3] == set(names)
    assert [len(one) / len(names) for one in found] == pytest.approx([0.0, 0.05, 0.2, 1.0], abs=0.01)
