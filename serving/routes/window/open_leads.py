"""`/open-leads`: the leads that may still get there, the likeliest first."""

from __future__ import annotations

from fastapi import APIRouter

from serving.figures.dimensions import DIMENSIONS, campaign_names
from serving.figures.file import Figures
from serving.figures.lead_filter import ORDERS, OVERDUE, LeadFilter
from serving.figures.lead_history import reason_words
from serving.figures.open_leads import PAGE, OpenLead, choices, count_leads, list_leads
from serving.figures.paged import PagedTable, Pages, Rows
from serving.figures.standing import STANDINGS
from serving.figures.table import Column
from serving.routes.sessions import SessionRoute
from serving.routes.window.answering import answers_of
from serving.routes.window.frame import Shown, Visit, add_page
from serving.routes.window.ledger_view import confirmed, ledger_view

ROUTER = APIRouter(route_class=SessionRoute, include_in_schema=False)
DECISIONS = {"hand_off": "Hand over", "nurture": "Nurture", "reject": "Not scored"}
WORDS = {
    "Probability": "That it gets there within the agreed days, and the range in which leads like it lie nine "
    "times in ten. The line is a month long: then, a week ago, now.",
    "Strongest reasons": "By how many points each moves the probability. The lead's page has all of them.",
    "Where it stands": "By the CRM, or by what was said in Baton since. The clock counts working hours: for "
    "Baton's hand-offs up to now, for the CRM's up to where its history ends.",
}
"""The columns of the list, and what they mean."""

REASONS = 2
"""So many reasons are told in a list; the page of the lead has all of them."""


def look(visit: Visit) -> Shown:
    """Return the leads that the address asks for, a page of them."""
    figures, ledger = visit.figures, ledger_view(visit)
    wanted = LeadFilter.of(visit.asked, STANDINGS)
    count = count_leads(figures, ledger, wanted)
    pages = Pages(count.leads, PAGE, visit.asked.get("page", ""))
    shown = list_leads(figures, ledger, wanted, PAGE, pages.skipped)
    table = PagedTable(
        "open-leads",
        "Open leads",
        COLUMNS,
        (),
        whole=lambda: lead_rows(list_leads(figures, ledger, wanted, most=None)),
    )
    return Shown(
        {
            "wanted": wanted,
            "count": count,
            "pages": pages,
            "leads": shown,
            "is_down": ledger.is_down,
            "has_scores": bool(count.leads) or bool(figures.rows("select 1 from scores limit 1")),
            "pairs": _pairs(figures),
            "whats": [*((one.name, one.label) for one in DIMENSIONS), ("owner", "Owner")],
            "more_is_open": any(name != "grade" for name in wanted.chosen),
            "is_filtered": bool(wanted.chosen or wanted.where or wanted.text),
            "places": {OVERDUE: "Overdue", **STANDINGS},
            "orders": {name: words for name, (words, _) in ORDERS.items()},
            "decisions": DECISIONS,
            "words": WORDS,
            "most_reasons": REASONS,
            "reason_words": lambda code: reason_words(code, figures.agreement),
            "said": confirmed(visit),
            **answers_of(visit),
        },
        (table,),
    )


def _pairs(figures: Figures) -> dict[str, list[tuple[str, str]]]:
    """Return what can be chosen, each value with what people call it."""
    names = {"campaign": campaign_names(figures)}
    return {
        column: [(one, names.get(column, {}).get(one, one)) for one in values]
        for column, values in figures.kept("choices", choices).items()
    }


_WHO = ("company", "title", "industry", "country", "source", "owner")
COLUMNS = (
    Column("lead_id", "Lead"),
    *(Column(name, name.capitalize()) for name in _WHO),
    Column("grade", "Grade", meaning="By probability, as agreed."),
    Column("probability", "Probability", "share", "That it gets there within the agreed days."),
    Column("probability_low", "At least", "share", "Nine times in ten, leads like it lie above this."),
    Column("probability_high", "At most", "share", "Nine times in ten, leads like it lie below this."),
    Column("week_ago", "A week ago", "share", "What today's model says of it as of a week ago."),
    Column("month_ago", "A month ago", "share", "What today's model says of it as of a month ago."),
    Column("decision", "Decision", meaning="What the agreed rule says of the probability."),
    Column("reason_1", "Strongest reason"),
    Column("reason_2", "Second reason"),
    Column("standing", "Where it stands"),
    Column("standing_since", "Since", "moment"),
    Column("due_at", "First contact due", "moment"),
    Column("due", "Due clock", meaning="In working hours."),
    Column("until", "Recycled until", "moment"),
    Column("said_by", "Said by"),
    Column("created_at", "Created", "moment"),
    Column("last_activity_at", "Latest activity", "moment"),
)


def lead_rows(leads: tuple[OpenLead, ...]) -> Rows:
    """Return the leads as rows of the table."""
    return tuple(_row(one) for one in leads)


def _row(one: OpenLead) -> tuple[object, ...]:
    why = [reason.text for reason in one.why[:REASONS]]
    said = {
        "decision": DECISIONS[one.decision],
        "reason_1": why[0] if why else None,
        "reason_2": why[1] if len(why) > 1 else None,
        "standing": one.where,
    }
    names = [column.name for column in COLUMNS]
    return tuple(said[name] if name in said else getattr(one, name) for name in names)


add_page(ROUTER, "/open-leads", "open_leads.html", look)
