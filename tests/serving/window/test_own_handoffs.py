"""What Baton itself handed over in a month: counted on the page and in the report as the ledger has it."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from altered_pages import altered, csv_rows, write_ledger
from ledger_rows import feedback_row, handoff_row
from serving.figures.months import Month
from serving.figures.own_handoffs import own_handoffs
from serving.ledger.handoffs_between import handoffs_between
from serving.ledger.ledger import Ledger
from serving.ledger.tables import FEEDBACK, HANDOFFS
from serving.report.as_html import as_html
from serving.report.as_pdf import as_pdf
from serving.report.composing import monthly_report

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
    handoff_row(7, grade="C", opened_at=TUESDAY, due_at=None),
]
SAID = [
    feedback_row(1, verdict="accepted", reason=None, recorded_at=hour(1)),
    feedback_row(2, verdict="rejected", reason="no_budget", recorded_at=hour(5)),
    feedback_row(3, verdict="accepted", reason=None, recorded_at=hour(2)),
    feedback_row(7, verdict="accepted", reason=None, recorded_at=hour(1)),
    # What was said second is what counts in the end, and no reason to call the first answer late.
    feedback_row(
        30, lead_id="L-3", handoff_id="handoff-003", step=2, verdict="recycled", recorded_at=hour(40)
    ),
]


@pytest.fixture
def handed(window):
    write_ledger(window.settings.ledger_url, {HANDOFFS: HANDED, FEEDBACK: SAID})
    return window


def found_in(window):
    """The hand-offs of November."""
    with closing(Ledger(window.settings.ledger_url, 2.0)) as ledger, ledger.reading() as connection:
        return handoffs_between(connection, *Month(2026, 11).bounds.values())


def told(one):
    return one.grade, one.handed, one.in_time.won, one.in_time.of, one.late, one.missed, one.waiting


def test_each_grade_is_counted_as_the_ledger_has_it(crm, handed):
    """In time, late, never and still waiting add up to what was handed over in the month."""
    own = own_handoffs(crm.project.agreement, found_in(handed), LATER)
    a, b, c = (one.contact for one in own.grades)
    assert (a.grade, a.handed, a.in_time.won, a.in_time.of, a.late, a.missed, a.waiting) == (
        "A",
        3,
        2,
        3,
        1,
        0,
        0,
    )
    assert (own.grades[0].accepted.won, own.grades[0].accepted.of, a.hours) == (1, 3, 2.0)
    assert (b.grade, b.handed, b.in_time.won, b.in_time.of, b.late, b.missed, b.waiting) == (
        "B",
        2,
        0,
        1,
        0,
        1,
        1,
    )
    assert b.hours is None
    # Answered, but no time was promised that could have been kept.
    assert (*told(c), c.hours) == ("C", 1, 0, 0, 0, 0, 1, 1.0)
    assert {(verdict, leads) for verdict, _, leads in own.returned} == {("rejected", 1), ("recycled", 1)}


def test_the_page_shows_them_and_gives_their_file(handed, crm):
    """The month is offered though the history ends before it; the reason is in the agreement's words."""
    page = handed.get("/month?month=2026-11")
    assert '<option value="2026-11" selected>' in page
    assert "before this month: all that is known of it" in page
    assert "From inquiry to won" not in page
    assert crm.project.agreement.sla.rejection_reasons["no_budget"] in page
    rows = csv_rows(handed.get("/month/own-handoffs.csv?month=2026-11"))
    assert [(row["grade"], row["handed"]) for row in rows] == [("A", "3"), ("B", "2"), ("C", "1")]


def test_the_report_of_such_a_month_judges_nobody(crm, figures, handed):
    """Of a month after the history's end it has what Baton handed over, its moment, and no verdict."""
    own = own_handoffs(crm.project.agreement, found_in(handed), LATER)
    document = monthly_report(figures, Month(2026, 11), own=own)
    text = as_html(document)
    assert "26 Nov 2026, 12:00 UTC" in text
    assert "Hand-offs by Baton" in text
    assert "Not kept" not in text
    assert "hot lead" not in text
    assert as_pdf(document).startswith(b"%PDF")


def test_the_report_of_another_month_has_it_in_the_annex(crm, figures, handed):
    """Beside all that the history tells."""
    own = own_handoffs(crm.project.agreement, found_in(handed), LATER)
    annex = monthly_report(figures, Month.of(figures.now).before, own=own).pages[-1]
    assert annex.sections[0].title == "What Baton handed over"


def test_old_history_and_new_hand_offs_are_both_offered(crm, new_window, tmp_path):
    """A history that ended years ago keeps its months beside those in which Baton handed something over."""
    now = "update facts set value = '\"2019-08-20T00:00:00+00:00\"' where name = 'now'"
    old = "update leads set created_at = created_at - interval 7 years"
    window = new_window(altered(crm.project.pages, tmp_path, now, old)).sign_in()
    write_ledger(window.settings.ledger_url, {HANDOFFS: HANDED})
    page = window.get("/month")
    assert '<option value="2019-08" selected>' in page
    assert [month for month in ("2026-11", "2026-10", "2026-09") if f'value="{month}"' in page] == [
        "2026-11",
        "2026-10",
    ]


def test_a_month_without_any_says_why(window):
    """Nobody has to guess whether nothing came or nothing was counted."""
    assert "The ledger has no hand-off of October 2026" in window.get("/month?month=2026-10")


def test_with_the_ledger_down_the_rest_of_the_month_is_shown(handed):
    """The page says what it does not know."""
    with handed.without_ledger():
        page = handed.get("/month?month=2026-10")
    assert "The ledger cannot be read now" in page
    assert "From inquiry to won" in page
