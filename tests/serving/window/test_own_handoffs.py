"""What Baton itself handed over in a month: counted on the page and in the report as the ledger has it."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

import pytest

from altered_pages import csv_rows, write_ledger
from ledger_rows import feedback_row, handoff_row
from serving.figures.own_handoffs import own_handoffs
from serving.ledger.handoffs_between import handoffs_between
from serving.ledger.ledger import Ledger
from serving.ledger.tables import FEEDBACK, HANDOFFS

TUESDAY = datetime(2026, 11, 24, 10, tzinfo=UTC)
LONG_AGO = datetime(2026, 10, 31, 23, tzinfo=UTC)
LATER = datetime(2026, 11, 26, 12, tzinfo=UTC)


def hour(hours: float) -> datetime:
    return TUESDAY + timedelta(hours=hours)


HANDED = [
    handoff_row(1, grade="A", opened_at=TUESDAY, due_at=hour(3)),
    handoff_row(2, grade="A", opened_at=TUESDAY, due_at=hour(3)),
    handoff_row(3, grade="A", opened_at=TUESDAY, due_at=hour(3)),
    handoff_row(4, grade="B", opened_at=TUESDAY, due_at=hour(3)),
    handoff_row(5, grade="B", opened_at=TUESDAY, due_at=hour(300)),
    handoff_row(6, grade="A", opened_at=LONG_AGO, due_at=hour(3)),
]
SAID = [
    feedback_row(1, verdict="accepted", reason=None, recorded_at=hour(1)),
    feedback_row(2, verdict="rejected", reason="no_budget", recorded_at=hour(5)),
    feedback_row(3, verdict="accepted", reason=None, recorded_at=hour(2)),
    # What was said second is what counts in the end, and no reason to call the first answer late.
    feedback_row(
        30, lead_id="L-3", handoff_id="handoff-003", step=2, verdict="recycled", recorded_at=hour(40)
    ),
]


@pytest.fixture
def handed(window):
    write_ledger(window.settings.ledger_url, {HANDOFFS: HANDED, FEEDBACK: SAID})
    return window


def test_each_grade_is_counted_as_the_ledger_has_it(crm, handed):
    """In time, late, never and still waiting add up to what was handed over in the month."""
    ledger = Ledger(handed.settings.ledger_url, 2.0)
    with ledger.reading() as connection:
        found = handoffs_between(
            connection, datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
        )
    ledger.close()
    own = own_handoffs(crm.project.agreement, found, LATER)
    a, b = own.grades
    assert (a.grade, a.handed, a.in_time.won, a.in_time.of, a.late, a.silent, a.waiting) == (
        "A",
        3,
        2,
        3,
        1,
        0,
        0,
    )
    assert (a.accepted.won, a.accepted.of, a.hours) == (1, 3, 2.0)
    assert (b.grade, b.handed, b.in_time.won, b.in_time.of, b.late, b.silent, b.waiting) == (
        "B",
        2,
        0,
        1,
        0,
        1,
        1,
    )
    assert b.hours is None
    assert {(verdict, leads) for verdict, _, leads in own.returned} == {("rejected", 1), ("recycled", 1)}


def test_the_page_shows_them_and_gives_their_file(handed, crm):
    """The month is offered though the history ends before it; the reason is in the agreement's words."""
    page = handed.get("/month?month=2026-11")
    assert '<option value="2026-11" selected>' in page
    assert "before this month: all that is known of it" in page
    assert "From inquiry to won" not in page
    assert crm.project.agreement.sla.rejection_reasons["no_budget"] in page
    rows = csv_rows(handed.get("/month/own-handoffs.csv?month=2026-11"))
    assert [(row["grade"], row["handed"]) for row in rows] == [("A", "3"), ("B", "2")]


def test_a_month_without_any_says_why(window):
    """Nobody has to guess whether nothing came or nothing was counted."""
    assert "Baton opened no hand-off in October 2026" in window.get("/month?month=2026-10")


def test_with_the_ledger_down_the_rest_of_the_month_is_shown(handed):
    """The page says what it does not know."""
    path = handed.settings.ledger_url.removeprefix("sqlite:///")
    os.rename(path, f"{path}.away")  # noqa: PTH104
    try:
        page = handed.get("/month?month=2026-10")
    finally:
        os.rename(f"{path}.away", path)  # noqa: PTH104
    assert "The ledger cannot be read now" in page
    assert "From inquiry to won" in page
