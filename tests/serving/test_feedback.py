"""`POST /feedback`: what sales says of a lead, held against the agreement and kept once."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from ledger_rows import score_row
from serving.ledger.tables import FEEDBACK, SCORES

SLA = {"rejection_reasons": {"no_budget": "There is no budget.", "bad_data": "The record is wrong."}}
NEXT_YEAR = (datetime.now(UTC) + timedelta(days=365)).isoformat()


@pytest.fixture
def sales(make_service, new_scorer, new_agreement, url):
    """A service with agreed reasons, on each kind of ledger."""
    agreement = new_agreement(sla=SLA)
    return make_service(load=lambda _, version: new_scorer(version, agreement), ledger_url=url)


def say(service, lead_id="L-1", verdict="accepted", headers=None, **more):
    said = {"lead_id": lead_id, "verdict": verdict, "by": "Ada", **more}
    return service.ask("POST", "/feedback", json=said, headers=headers or {})


def recorded(service):
    with service.ledger() as ledger, ledger.reading() as connection:
        return connection.execute(select(func.count()).select_from(FEEDBACK)).scalar()


def test_feedback_answers_the_hand_off_by_which_sales_has_the_lead(sales, a_lead):
    """It is attached step by step, and the answer says to which hand-off and score."""
    score = sales.score([a_lead()]).json()["scores"][0]
    accepted, rejected = (
        say(sales),
        say(sales, verdict="rejected", reason="no_budget", comment="Until\nspring"),
    )
    for answer in (accepted, rejected):
        assert answer.status_code == 200, answer.text
        assert (answer.json()["handoff_id"], answer.json()["score_id"]) == (
            score["handoff_id"],
            score["score_id"],
        )
    assert rejected.json()["comment"] == "Until\nspring"
    states = sales.ask("GET", "/handoffs").json()["handoffs"]
    assert [(one["state"], one["reason"]) for one in states] == [("rejected", "no_budget")]


def test_feedback_on_a_lead_that_sales_does_not_have_stands_alone(sales, a_lead):
    """What sales says of a lead that Baton kept with marketing is kept, with no hand-off made up."""
    sales.score([a_lead(number_of_employees=3)])
    answers = [say(sales).json() for _ in range(2)]
    assert [one["handoff_id"] for one in answers] == [None, None]
    assert recorded(sales) == 2


def test_a_lead_that_was_never_scored_is_a_404(sales):
    """Nothing is made up, and nothing is written."""
    answer = say(sales, "L-404")
    assert (answer.status_code, answer.json()["type"]) == (404, "/docs#problem-unknown-lead")
    assert recorded(sales) == 0


@pytest.mark.parametrize(
    ("said", "path", "words"),
    [
        ({"verdict": "rejected"}, "reason", "no_budget, bad_data"),
        ({"verdict": "rejected", "reason": "moon"}, "reason", "no_budget, bad_data"),
        ({"verdict": "recycled", "reason": "moon"}, "reason", "no_budget, bad_data"),
        ({"verdict": "accepted", "reason": "bad_data"}, "reason", "not accepted"),
        ({"verdict": "recycled", "until": "tomorrow"}, "until", "ISO 8601"),
        ({"verdict": "recycled", "until": "2026-01-01"}, "until", "future"),
        ({"verdict": "recycled", "until": "2300-01-01"}, "until", "2100"),
        ({"verdict": "rejected", "reason": "bad_data", "until": NEXT_YEAR}, "until", "only a recycled"),
        ({"verdict": "accepted", "score_id": "score-2"}, "score_id", "of this lead"),
        ({"verdict": "accepted", "handoff_id": "none"}, "handoff_id", "of this lead"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(sales, a_lead, said, path, words):
    """A reason that is not agreed, a date that is none, an id of another lead: nothing is written."""
    sales.score([a_lead()])
    with sales.ledger() as ledger:
        ledger.append({SCORES: [score_row(2)]})
    answer = say(sales, **said)
    assert (answer.status_code, answer.json()["type"]) == (422, "/docs#problem-wrong-feedback")
    [fault] = answer.json()["faults"]
    assert fault["path"] == path
    assert words in fault["message"]
    assert recorded(sales) == 0


@pytest.mark.parametrize(
    "said",
    [
        {"verdict": "loved"},
        {"verdict": None},
        {"by": ""},
        {"by": "A\u0000da"},
        {"comment": "\u0000"},
        {"comment": "x" * 2001},
        {"lead_id": "a\nb"},
        {"mood": "fine"},
    ],
)
def test_feedback_with_another_shape_is_refused(service, said):
    """As POST /score does it: 422 with the path."""
    answer = say(service, **said)
    assert (answer.status_code, answer.json()["type"]) == (422, "/docs#problem-wrong-shape")
    assert answer.json()["faults"][0]["path"] == next(iter(said))


def test_without_agreed_reasons_a_rejection_needs_none(service, a_lead):
    """And a code that nobody agreed on is refused then, too."""
    service.score([a_lead()])
    assert say(service, verdict="rejected", reason="moon").status_code == 422
    assert say(service, verdict="rejected").status_code == 200


def test_feedback_sent_twice_is_kept_once(sales, a_lead):
    """The same key and body get the first answer again; another body under the key is refused."""
    sales.score([a_lead()])
    key = {"Idempotency-Key": "f-1"}
    first, again = (say(sales, headers=key) for _ in range(2))
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()
    assert recorded(sales) == 1
    other = say(sales, headers=key, comment="no")
    assert (other.status_code, other.json()["type"]) == (422, "/docs#problem-other-request")
    hand_off = first.json()["handoff_id"]
    elsewhere = sales.ask(
        "POST", f"/handoffs/{hand_off}", json={"verdict": "recycled", "by": "A"}, headers=key
    )
    assert elsewhere.json()["type"] == "/docs#problem-other-request"


def test_feedback_sent_twice_at_once_is_kept_once(sales, a_lead):
    """Retries that overtake each other get one answer, and write one row."""
    sales.score([a_lead(number_of_employees=3)])
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: say(sales, headers={"Idempotency-Key": "f-2"}), range(6)))
    assert {one.status_code for one in answers} == {200}
    assert len({one.json()["feedback_id"] for one in answers}) == 1
    assert recorded(sales) == 1


def test_an_answered_hand_off_repeats_its_answer(sales, a_lead):
    """A retry is no second answer, though the hand-off is closed by then."""
    handoff_id = sales.score([a_lead()]).json()["scores"][0]["handoff_id"]
    body = {"verdict": "rejected", "reason": "bad_data", "by": "Ada"}
    key = {"Idempotency-Key": "h-1"}
    first, again = (sales.ask("POST", f"/handoffs/{handoff_id}", json=body, headers=key) for _ in range(2))
    assert first.status_code == again.status_code == 200
    assert first.json() == again.json()


@pytest.mark.parametrize("scope", ["score", "read"])
def test_feedback_needs_its_scope(make_service, scope):
    """A key that may score or read may not speak for sales, nor erase."""
    service = make_service(scopes=(scope,))
    assert say(service).status_code == 403
    assert service.ask("POST", "/handoffs/x", json={}).status_code == 403
    assert service.ask("DELETE", "/leads/L-1").status_code == 403


def test_a_key_for_feedback_may_not_read(make_service):
    """It says and does not look."""
    service = make_service(scopes=("feedback",))
    assert service.ask("GET", "/handoffs").status_code == 403
    assert service.ask("GET", "/leads/L-1").status_code == 403


def test_a_locked_ledger_is_a_503_for_feedback(make_service, a_lead):
    """Nothing is acknowledged that is not on disk."""
    service = make_service(ledger_seconds=0.1, refresh_seconds=60)
    service.score([a_lead()])
    path = service.settings.ledger_url.removeprefix("sqlite:///")
    lock = sqlite3.connect(path, isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    refused = say(service)
    lock.execute("ROLLBACK")
    lock.close()
    assert (refused.status_code, refused.json()["type"]) == (503, "/docs#problem-ledger-down")
    assert say(service).status_code == 200
    assert recorded(service) == 1
