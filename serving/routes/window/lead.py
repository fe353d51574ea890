"""`/lead`: one lead, what the model says of it, what happened to it, and what sales has to say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from fastapi import APIRouter
from pydantic import TypeAdapter, ValidationError

from data_checks.stages import STAGE_MEANINGS
from serving.figures.file import Row
from serving.figures.lead_history import Event, LedgerStory, crm_events, in_order, ledger_events, reason_words
from serving.figures.one_lead import facts_of, lead_row, lead_score
from serving.figures.open_leads import OpenLead, open_lead
from serving.figures.score_course import TELLERS, Point, score_course
from serving.figures.standing import LedgerView
from serving.figures.table import Column, Table
from serving.ledger.errors import LedgerDownError
from serving.ledger.latest_words import Word
from serving.ledger.listing import feedback_of, handoffs_of, scores_of
from serving.messages import Id
from serving.pages.course_chart import course_chart
from serving.routes.addresses import own_address
from serving.routes.sessions import SessionRoute
from serving.routes.window.answering import LEADS, answers_of
from serving.routes.window.frame import Shown, Visit, add_page
from serving.routes.window.ledger_view import confirmed, ledger_view

ROUTER = APIRouter(route_class=SessionRoute, include_in_schema=False)
TEMPLATE: Final = "lead.html"
MOST_SCORES: Final = 200
"""So many of the ledger's scores of a lead are looked at: the newest."""

MOST_EVENTS: Final = 60
"""So many are on the page; the file has all."""

_IDS: Final[TypeAdapter[str]] = TypeAdapter(Id)
_EVENTS: Final = {
    "stage": "Stage",
    "did": "It did",
    "we": "We did",
    "handoff": "Hand-off",
    "said": "Sales said",
    "score": "Score",
    "deal": "Deal",
}


@dataclass(frozen=True)
class Refused:
    """An answer that was not taken: what the form said, why not in words, and with which status."""

    filled: Mapping[str, str] = field(default_factory=dict)
    why: tuple[str, ...] = ()
    status: int = 200


TAKEN: Final = Refused()


def look(visit: Visit) -> Shown:
    """Return what is shown of the lead that the address names."""
    return look_after(visit, TAKEN)


def look_after(visit: Visit, refused: Refused) -> Shown:
    """Return the same after an answer; a lead that nobody knows, or that was erased, is a 404."""
    lead_id, ledger = visit.asked.get("id", ""), ledger_view(visit)
    row = known_row(visit, ledger, lead_id)
    story = _story(visit, lead_id)
    if row is None and not (story.scores or story.handoffs or story.feedback):
        return Shown(
            {"here": LEADS, "lead_id": lead_id, "is_known": False, "is_down": ledger.is_down}, status=404
        )
    told, tables = _of_crm(visit, row, story) if row else _of_ledger(visit, story)
    here = open_lead(visit.figures, ledger, lead_id) if row else None
    return Shown(
        {
            **told,
            "here": LEADS,
            "kinds": _EVENTS,
            "most_events": MOST_EVENTS,
            "back": own_address(visit.asked.get("back", "")),
            "lead_id": lead_id,
            "is_known": True,
            "row": row,
            "here_now": here,
            "handoff_id": _handoff_to_answer(here, ledger.words.get(lead_id)),
            "target": STAGE_MEANINGS[visit.figures.agreement.target.stage],
            "horizon": visit.figures.agreement.target.within_days,
            "reason_words": lambda code: reason_words(code, visit.figures.agreement),
            "is_down": ledger.is_down,
            "said": confirmed(visit),
            "refused": refused,
            **answers_of(visit),
        },
        tables,
        refused.status,
    )


def known_row(visit: Visit, ledger: LedgerView, lead_id: str) -> Row | None:
    """Return what the CRM knows of a lead that may be shown."""
    return None if lead_id in ledger.erased else lead_row(visit.figures, lead_id)


def history_table(events: tuple[Event, ...]) -> Table:
    """Return the time line as a table."""
    columns = (
        Column("at", "When", "moment"),
        Column("kind", "Kind"),
        Column("what", "What happened"),
        Column("detail", "More of it"),
    )
    rows = tuple((one.at, _EVENTS[one.kind], one.what, one.detail or None) for one in events)
    return Table("history", "What happened", columns, rows, "Nothing is recorded of this lead.")


def course_table(course: tuple[Point, ...]) -> Table:
    """Return what was said of the lead over time as a table."""
    columns = (
        Column("at", "As of", "moment", "The moment that was looked at; nothing later counted."),
        Column("probability", "Probability", "share"),
        Column("teller", "Said by", meaning="Models of the past knew nothing that came later."),
        Column("model", "Model"),
    )
    rows = tuple((one.at, one.probability, TELLERS[one.teller], one.model or None) for one in course)
    return Table("course", "Its probability over time", columns, rows, "No model has said anything of it.")


def _of_crm(visit: Visit, row: Row, story: LedgerStory) -> tuple[dict[str, Any], tuple[Table, ...]]:
    figures, lead_id = visit.figures, row["lead_id"]
    score = lead_score(figures, lead_id)
    events = in_order((*crm_events(figures, lead_id), *ledger_events(story, figures.agreement)))
    course = score_course(figures, lead_id, score, story.scores)
    told = {
        "facts": facts_of(row),
        "meaning": STAGE_MEANINGS[row["stage"]],
        "score": score,
        "chart": course_chart(course, events) if course else None,
        "events": events,
    }
    return told, (history_table(events), course_table(course))


def _of_ledger(visit: Visit, story: LedgerStory) -> tuple[dict[str, Any], tuple[Table, ...]]:
    """Return what is shown of a lead that was scored and is not in the CRM's history yet."""
    events = ledger_events(story, visit.figures.agreement)
    told: dict[str, Any] = {"facts": {}, "meaning": None, "score": None, "chart": None, "events": events}
    return told, (history_table(events), course_table(()))


def _story(visit: Visit, lead_id: str) -> LedgerStory:
    try:
        known = _IDS.validate_python(lead_id)
        with visit.room.ledger.reading() as connection:
            return LedgerStory(
                scores_of(connection, known, None, MOST_SCORES),
                handoffs_of(connection, known),
                feedback_of(connection, known),
            )
    except (ValidationError, LedgerDownError):
        return LedgerStory()


def _handoff_to_answer(here: OpenLead | None, word: Word | None) -> str | None:
    """Return the hand-off of Baton's by which sales has the lead, unless the CRM moved the lead since."""
    if word is None or word.state not in {"open", "accepted"}:
        return None
    return word.handoff_id if here is None or here.by_baton else None


add_page(ROUTER, "/lead", TEMPLATE, look)
