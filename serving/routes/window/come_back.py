"""`/come-back`: leads that were let go and are likelier now than a month ago."""

from __future__ import annotations

import math

from fastapi import APIRouter

from serving.figures.come_back import KINDS, POINTS, ComeBack, ComeBacks, Kind, come_backs
from serving.figures.paged import PagedTable, Rows
from serving.figures.table import Column
from serving.pages.rendering import points
from serving.routes.sessions import SessionRoute
from serving.routes.window.answering import LEADS, answers_of
from serving.routes.window.frame import Shown, Visit, add_page
from serving.routes.window.ledger_view import confirmed, ledger_view

ROUTER = APIRouter(route_class=SessionRoute, include_in_schema=False)
MOST = 100
WORDS = {
    "Risen": "By how many points today's model rates it higher than it would have a month ago. "
    "The line is that month.",
    "Why": "By how many points kinds of facts raised it, and facts that changed, with what they were.",
    "When": "What the lead itself did within the month; calls and mails of ours do not count. "
    "Below, where it stands.",
}
"""The columns of the list, and what they mean."""

STEPS = (1.0, 3.0, 5.0, 10.0, 20.0)
"""Rises that can be chosen, in points; the address takes any."""


def look(visit: Visit) -> Shown:
    """Return the leads whose probability rose by as much as the address asks for."""
    ledger = ledger_view(visit)
    least, kind = points_of(visit.asked.get("points", "")), kind_of(visit.asked.get("kind", ""))
    figures = visit.figures
    found = come_backs(figures, ledger, least, kind, MOST)
    return Shown(
        {
            "here": LEADS,
            "points": least,
            "kind": kind,
            "kinds": KINDS,
            "steps": sorted({*STEPS, least}),
            "leads": found.leads,
            "words": WORDS,
            "total": found.total,
            "horizon": figures.agreement.target.within_days,
            "is_down": ledger.is_down,
            "said": confirmed(visit),
            **answers_of(visit),
        },
        (
            PagedTable(
                *("come-back", "Leads that come back", COLUMNS, ()),
                whole=lambda: rows_of(come_backs(figures, ledger, least, kind)),
            ),
        ),
    )


def points_of(text: str) -> float:
    """Return the points that an address asks for.

    >>> points_of("5"), points_of("many"), points_of("nan"), points_of("-2")
    (5.0, 3.0, 3.0, 3.0)
    """
    try:
        found = float(text)
    except ValueError:
        return POINTS
    return found if math.isfinite(found) and 0 < found <= 100 else POINTS


def kind_of(text: str) -> Kind | None:
    """Return the kind of leads that an address asks for; None for both."""
    return next((kind for kind in KINDS if kind == text), None)


COLUMNS = (
    Column("lead_id", "Lead"),
    Column("company", "Company"),
    Column("title", "Title"),
    Column("owner", "Owner"),
    Column("grade", "Grade"),
    Column("probability", "Now", "share"),
    Column("week_ago", "A week ago", "share"),
    Column("month_ago", "A month ago", "share"),
    Column("rise", "Risen", "points"),
    Column("why", "Why", meaning="Points by kind of facts."),
    Column("facts", "Facts that changed"),
    Column("activities", "Activities", "count"),
    Column("latest", "Latest activity"),
    Column("latest_at", "When", "moment"),
    Column("standing", "Where it stands"),
    Column("standing_since", "Since", "moment"),
    Column("until", "Recycled until", "moment"),
    Column("created_at", "Created", "moment"),
)


def rows_of(found: ComeBacks) -> Rows:
    """Return the leads as rows of the table."""
    return tuple(map(_row, found.leads))


def _row(one: ComeBack) -> tuple[object, ...]:
    told = one.changes
    families = "; ".join(f"{name} {points(effect)}" for name, effect in told.risen) if told else ""
    facts = "; ".join(f"{fact.text} (was {fact.former})" for fact in told.news) if told else ""
    return (
        *(one.lead_id, one.company, one.title, one.owner, one.grade),
        *(one.probability, one.week_ago, one.month_ago, one.rise, families or None, facts or None),
        *(one.since, one.latest, one.latest_at, one.where, one.standing_since, one.until, one.created_at),
    )


add_page(ROUTER, "/come-back", "come_back.html", look)
