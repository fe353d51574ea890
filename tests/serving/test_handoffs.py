"""Hand-offs: opened once, due in working hours, listed, answered, and opened again when it is time."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from sqlalchemy import func, select

from data_checks.working_time import working_clock
from ledger_rows import NOW, feedback_row, handoff_row
from serving.handoffs import Handoff, may_be_handed_over
from serving.ledger.tables import FEEDBACK, HANDOFFS

REASONS = {"no_budget": "There is no budget.", "bad_data": "The record is wrong."}
SLA = {"first_contact_hours": {"A": 2}, "rejection_reasons": REASONS}
HOUR = 3_600_000_000


@pytest.fixture
def sales(make_service, new_scorer, new_agreement, url):
    """A service with agreed reasons and times, on each kind of ledger."""
    agreement = new_agreement(sla=SLA)
    return make_service(load=lambda _, version: new_scorer(version, agreement), ledger_url=url)


def handed(service, lead):
    """Score a lead, and return its hand-off and when it is due."""
    score = service.score([lead]).json()["scores"][0]
    return score["handoff_id"], score["due_at"]


def answer(service, handoff_id, verdict, **more):
    return service.ask("POST", f"/handoffs/{handoff_id}", json={"verdict": verdict, "by": "Ada", **more})


def handoffs(service, query=""):
    found = service.ask("GET", f"/handoffs{query}")
    assert found.status_code == 200, found.text
    return found.json()["handoffs"]


def test_a_lead_is_handed_over_once(sales, a_lead):
    """While sales has a lead, open or accepted, further scores name the same hand-off and open none."""
    first = handed(sales, a_lead())
    assert first[0] is not None
    assert handed(sales, a_lead()) == first
    assert answer(sales, first[0], "accepted").status_code == 200
    assert handed(sales, a_lead()) == first
    assert [one["state"] for one in handoffs(sales)] == ["accepted"]


def test_a_lead_twice_in_a_request_is_handed_over_once(sales, a_lead):
    """The second score of a request knows what the first has opened."""
    an_hour_ago = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
    scores = sales.score([a_lead(), {**a_lead(), "as_of": an_hour_ago}]).json()["scores"]
    assert scores[0]["handoff_id"] == scores[1]["handoff_id"] != None  # noqa: E711
    assert len(handoffs(sales)) == 1


def test_what_is_no_case_for_sales_opens_nothing(sales, a_lead):
    """A lead to nurture, a rejected one, and one scored as of last year stay with marketing."""
    last_year = {**a_lead("L-3"), "as_of": "2026-09-02T00:00:00Z"}
    leads = [a_lead("L-1", number_of_employees=3), a_lead("L-2", country=None), last_year]
    assert [one["handoff_id"] for one in sales.score(leads).json()["scores"]] == [None] * 3
    assert handoffs(sales) == []


def test_a_hand_off_is_due_in_working_hours(sales, a_lead, new_agreement):
    """Between opening and due the office clock runs for the agreed hours of the grade."""
    handed(sales, a_lead())
    one = handoffs(sales)[0]
    moments = [round(datetime.fromisoformat(one[name]).timestamp() * 1e6) for name in ("opened_at", "due_at")]
    opened, due = working_clock(new_agreement(sla=SLA).sla.working_hours).at(np.array(moments))
    assert (one["grade"], one["overdue"]) == ("A", False)
    assert abs(due - opened - 2 * HOUR) <= 1000


def test_a_recycled_lead_comes_back_on_its_date(sales, a_lead):
    """Not before, and then by a new hand-off; the old one stays as it was."""
    first, _ = handed(sales, a_lead())
    until = datetime.now(UTC) + timedelta(seconds=1.0)
    assert answer(sales, first, "recycled", until=until.isoformat()).status_code == 200
    assert handed(sales, a_lead()) == (None, None)
    time.sleep(max((until - datetime.now(UTC)).total_seconds(), 0) + 0.01)
    second, _ = handed(sales, a_lead())
    assert second not in {None, first}
    assert {one["handoff_id"]: one["state"] for one in handoffs(sales)} == {first: "recycled", second: "open"}


@pytest.mark.parametrize(("days", "again"), [(89, False), (91, True)])
def test_a_rejected_lead_stays_away_for_the_agreed_days(sales, a_lead, days, again):
    """Within the horizon in which it was to become what it did not, sales does not see it again."""
    then = datetime.now(UTC) - timedelta(days=days)
    with sales.ledger() as ledger:
        ledger.append(
            {
                HANDOFFS: [handoff_row(1, opened_at=then)],
                FEEDBACK: [feedback_row(1, recorded_at=then)],
            }
        )
    assert (handed(sales, a_lead("L-1"))[0] is not None) == again


def test_a_recycled_lead_without_a_date_waits_as_long_as_a_rejected_one():
    """Nobody said when it is to come back, so the agreed days count."""
    handoff = Handoff(**handoff_row(1), verdict="recycled", step=1, answered_at=NOW)
    assert not may_be_handed_over(handoff, NOW + timedelta(days=89), 90)
    assert may_be_handed_over(handoff, NOW + timedelta(days=90), 90)


@pytest.mark.parametrize(
    ("verdicts", "statuses"),
    [
        (["accepted", "accepted"], [200, 409]),
        (["accepted", "rejected", "accepted"], [200, 200, 409]),
        (["accepted", "recycled", "rejected"], [200, 200, 409]),
        (["rejected", "recycled"], [200, 409]),
        (["recycled", "accepted"], [200, 409]),
    ],
)
def test_what_is_closed_stays_closed(sales, a_lead, verdicts, statuses):
    """Only what was accepted may still be rejected or recycled; the refusal says how it stands."""
    handoff_id, _ = handed(sales, a_lead())
    answers = [
        answer(sales, handoff_id, verdict, **({"reason": "bad_data"} if verdict == "rejected" else {}))
        for verdict in verdicts
    ]
    assert [one.status_code for one in answers] == statuses
    state = verdicts[statuses.index(409) - 1]
    assert answers[-1].json()["type"] == "/docs#problem-answered-handoff"
    assert f"is {state} already" in answers[-1].json()["detail"]
    assert handoffs(sales)[0]["state"] == state


@pytest.mark.parametrize("handoff_id", ["00000000-0000-7000-8000-000000000000", "%00", "<b>", "a" * 300])
def test_an_unknown_hand_off_is_a_404(sales, handoff_id):
    """Nothing is made up for an id that nobody gave out."""
    found = answer(sales, handoff_id, "accepted")
    assert (found.status_code, found.json()["type"]) == (404, "/docs#problem-unknown-handoff")


def test_hand_offs_come_by_the_page_the_soonest_due_first(sales):
    """Every hand-off comes once, in order, whatever the page; without a due time it comes last."""
    due = [5, 1, None, 3, 3, None, 2]
    rows = [
        handoff_row(number, due_at=None if hours is None else NOW + timedelta(hours=hours))
        for number, hours in enumerate(due)
    ]
    with sales.ledger() as ledger:
        ledger.append({HANDOFFS: rows})
    seen, cursor = [], ""
    while cursor is not None:
        page = sales.ask("GET", f"/handoffs?limit=2{cursor and '&cursor='}{cursor}").json()
        seen += [one["handoff_id"] for one in page["handoffs"]]
        cursor = page["next_cursor"]
    assert seen == [f"handoff-{number:03}" for number in (1, 6, 3, 4, 0, 2, 5)]


def test_hand_offs_are_found_by_state_grade_and_lateness(sales):
    """Filters say what they say: an answered hand-off is never overdue, one without a due time neither."""
    past, future = NOW - timedelta(days=900), datetime.now(UTC) + timedelta(days=9)
    with sales.ledger() as ledger:
        ledger.append(
            {
                HANDOFFS: [
                    handoff_row(1, due_at=past),
                    handoff_row(2, due_at=past, grade="B"),
                    handoff_row(3, due_at=past),
                    handoff_row(4, due_at=future),
                    handoff_row(5, due_at=None),
                ],
                FEEDBACK: [
                    feedback_row(3, verdict="accepted", reason=None),
                    feedback_row(4, verdict="accepted", reason=None),
                    feedback_row(5, handoff_id="handoff-004", step=2),
                ],
            }
        )

    def numbers(query):
        return [int(one["handoff_id"][-3:]) for one in handoffs(sales, query)]

    assert numbers("?overdue=true") == [1, 2]
    assert numbers("?overdue=true&grade=B") == [2]
    assert numbers("?overdue=false") == [3, 4, 5]
    assert numbers("?state=open") == [1, 2, 5]
    assert numbers("?state=accepted") == [3]
    assert numbers("?state=rejected") == [4]
    assert numbers("?state=recycled") == []
    told = handoffs(sales, "?state=rejected")[0]
    assert (told["reason"], told["by"], told["overdue"]) == ("no_budget", "Ada", False)


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=501",
        "limit=ten",
        "state=lost",
        "overdue=perhaps",
        "grade=%00",
        "cursor=hunter2",
        "cursor=WzEsIlx1ZDgwMCJd",  # [1,"\ud800"]
        "cursor=Wy0xLCJhIl0",  # [-1,"a"]
        "color=red",
        "limit=1&limit=2",
    ],
)
def test_a_query_with_another_shape_is_refused(sales, query):
    """422 with the parameter's name, never a wrong list and never a failure."""
    found = sales.ask("GET", f"/handoffs?{query}")
    assert (found.status_code, found.json()["type"]) == (422, "/docs#problem-wrong-query")
    assert found.json()["faults"][0]["path"] == query.partition("=")[0]


def test_two_who_answer_at_once_do_not_both_succeed(sales, a_lead):
    """Of many acceptances at one moment one is recorded, the others are told so."""
    handoff_id, _ = handed(sales, a_lead())
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: answer(sales, handoff_id, "accepted").status_code, range(6)))
    assert sorted(answers) == [200] + [409] * 5
    with sales.ledger() as ledger, ledger.reading() as connection:
        assert connection.execute(select(func.count()).select_from(FEEDBACK)).scalar() == 1
