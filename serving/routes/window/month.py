"""`/month`: the revenue cycle of a month, and who kept the agreement."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from fastapi import APIRouter

from data_checks.stages import STAGE_MEANINGS
from serving.figures.contacts import Contact
from serving.figures.cycle import WITHIN_DAYS, Point, conversion_points
from serving.figures.file import Figures
from serving.figures.months import Month
from serving.figures.own_handoffs import OwnHandoffs, own_handoffs
from serving.figures.promises import Missed, Promises, missed_hot_leads, promises
from serving.figures.table import Column, Link, Table
from serving.ledger.errors import LedgerDownError
from serving.ledger.handoffs_between import handoffs_between, next_handoff_at
from serving.pages.cycle_chart import cycle_chart
from serving.routes.addresses import address
from serving.routes.sessions import SessionRoute
from serving.routes.window.frame import Shown, Visit, add_page
from serving.routes.window.own_tables import own_table, returned_table

ROUTER = APIRouter(route_class=SessionRoute, include_in_schema=False)
MOST_MONTHS: Final = 24


def look(visit: Visit) -> Shown:
    """Return what is shown of the month that the address asks for, by default the newest."""
    figures = visit.figures
    month = Month.parse(visit.asked.get("month", "")) or Month.of(figures.now)
    points, former = conversion_points(figures, month), conversion_points(figures, month.before)
    kept, missed = (
        promises(figures, month),
        missed_hot_leads(figures, month, visit.room.erased.among(figures)),
    )
    own, later = _own(visit, month)
    return Shown(
        {
            "month": month,
            "months": (*later, *months_of(figures)),
            "own": own,
            "is_running": month.ends > figures.now,
            "is_beyond": month.is_beyond(figures.now),
            "points": points,
            "former": former,
            "chart": cycle_chart(points, former, month),
            "promises": kept,
        },
        (
            cycle_table(points, former),
            contact_table(kept.contacts),
            sent_back_table(kept),
            missed_table(missed),
            *((own_table(own), returned_table(own)) if own else ()),
        ),
    )


def _own(visit: Visit, month: Month) -> tuple[OwnHandoffs | None, tuple[Month, ...]]:
    """Return what Baton handed over, and the months after the history in which it did; the newest first."""
    later: list[Month] = []
    try:
        with visit.room.ledger.reading() as connection:
            handed = handoffs_between(connection, month.begins, month.ends)
            since = Month.of(visit.figures.now).ends
            while len(later) < MOST_MONTHS and (found := next_handoff_at(connection, since)):
                later.insert(0, Month.of(found))
                since = later[0].ends
    except LedgerDownError:
        return None, ()
    return own_handoffs(visit.figures.agreement, handed, datetime.now(UTC)), tuple(later)


def months_of(figures: Figures) -> tuple[Month, ...]:
    """Return the months that the history tells of, the newest first; at most two years."""
    first = figures.row("select min(created_at) as at from leads")["at"]
    newest = Month.of(figures.now)
    oldest = max(Month.of(first), newest.plus(1 - MOST_MONTHS)) if first else newest
    count = (newest.year - oldest.year) * 12 + newest.number - oldest.number + 1
    return tuple(newest.plus(-back) for back in range(count))


def cycle_table(points: tuple[Point, ...], former: tuple[Point, ...]) -> Table:
    """Return the conversion points as a table."""
    columns = (
        Column("from", "From", meaning="The stage that a lead comes from."),
        Column("to", "To", meaning="The stage that it reaches, or one behind it."),
        Column("moved", "Moved", "count", "Leads that reached the stage in this month, whenever they began."),
        Column("moved_before", "Month before", "count", "The same, in the month before."),
        Column(
            "rate",
            f"Within {WITHIN_DAYS:.0f} days",
            "share",
            "Of the leads that reached the stage before in this month, the share that goes on within "
            "30 days. Leads that have not had 30 days yet count for those that they have had (Kaplan-Meier).",
        ),
        Column("rate_before", "Month before", "share", "The same, of the month before."),
        Column(
            "median_days",
            "Half within",
            "days",
            "Days after which half of those had moved on that do so within 90 days.",
        ),
        Column("soon_days", "A quarter", "days", "Days after which a quarter had."),
        Column("late_days", "Three quarters", "days", "Days after which three quarters had."),
    )
    rows = tuple(
        (
            STAGE_MEANINGS[one.came_from],
            one.meaning,
            one.moved,
            before.moved,
            one.rate,
            before.rate,
            one.median,
            one.soon,
            one.late,
        )
        for one, before in zip(points, former, strict=True)
    )
    return Table("cycle", "From stage to stage", columns, rows)


def contact_table(contacts: tuple[Contact, ...]) -> Table:
    """Return the first contacts by grade as a table."""
    columns = (
        Column("grade", "Grade", meaning="The grade that the model gives the lead as of its hand-off."),
        Column("promised_hours", "Promised", "hours", "Working hours to first contact, as agreed."),
        Column("handed", "Handed over", "count", "Leads that marketing qualified in this month."),
        Column("in_time", "Met in time", "share", "Of those whose time is over or that were contacted."),
        Column("late", "Late", "count", "Contacted after their time."),
        Column("missed", "Never", "count", "Not contacted at all, though their time is over."),
        Column("waiting", "Still time", "count", "Not due yet, or without a due time."),
        Column("hours", "Half within", "hours", "Median of the working hours to first contact."),
    )
    rows = tuple(
        (
            "not graded" if one.grade == "none" else one.grade,
            one.promised_hours,
            one.handed,
            one.in_time,
            one.late,
            one.missed,
            one.waiting,
            one.hours,
        )
        for one in contacts
    )
    return Table("first-contact", "First contact by grade", columns, rows, "No lead was handed over.")


def sent_back_table(kept: Promises) -> Table:
    """Return the reasons for which leads were sent back."""
    columns = (
        Column("reason", "Reason", meaning="As the CRM has it."),
        Column("leads", "Leads", "count", "Recycled or disqualified in this month."),
    )
    return Table("sent-back", "Sent back, by reason", columns, kept.sent_back, "Nothing was sent back.")


def missed_table(missed: tuple[Missed, ...]) -> Table:
    """Return the hot leads that nobody called in time."""
    columns = (
        Column("company", "Lead", "link"),
        Column("title", "Who"),
        Column("source", "Source"),
        Column("grade", "Grade"),
        Column("probability", "Probability", "share", "As of the hand-off, by the model of today."),
        Column("due_at", "Was due", "moment", "The agreed working hours after the hand-off."),
        Column("contacted_at", "Contacted", "moment", "The first call or mail of sales after it."),
    )
    rows = tuple(
        (
            Link(one.company or one.lead_id, address("/lead", {"id": one.lead_id})),
            one.title,
            one.source,
            one.grade,
            one.probability,
            one.due_at,
            one.contacted_at,
        )
        for one in missed
    )
    return Table(
        "missed",
        "Hot leads that nobody called in time",
        columns,
        rows,
        "None: every hot lead that is due was called.",
    )


add_page(ROUTER, "/month", "month.html", look)
