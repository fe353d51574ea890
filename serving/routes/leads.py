"""`GET` and `DELETE /leads/{lead_id}`: the story of a lead, and its erasure."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import Any, Final, cast

from fastapi import APIRouter
from pydantic import TypeAdapter, ValidationError
from starlette.requests import Request
from starlette.responses import Response

from serving.answers import EXAMPLE
from serving.cursors import Place, place_of
from serving.feedback_answers import (
    ERASURE_EXAMPLE,
    ErasureAnswer,
    LeadStory,
    feedback_shown,
    handoff_shown,
    score_shown,
    story_example,
)
from serving.ledger.audit import by_key
from serving.ledger.erasure import erase_lead
from serving.ledger.ledger import Ledger
from serving.ledger.listing import feedback_of, handoffs_of, scores_of
from serving.messages import Id
from serving.openapi import Told, document
from serving.problems import LEDGER_DOWN, NO_KEY, UNKNOWN_LEAD, WRONG_QUERY, WRONG_SCOPE, Problem
from serving.routes.access import require, room_of
from serving.routes.direct import DirectRoute
from serving.routes.json_answer import json_answer
from serving.routes.ledger_work import in_ledger
from serving.routes.queries import PageQuery, path_parameter, query_of, query_parameters

ROUTER = APIRouter(route_class=DirectRoute, tags=["leads"])
_LEAD_ID: Final = path_parameter("lead_id", "The CRM's id of the lead, percent-encoded.")
_IDS: Final[TypeAdapter[str]] = TypeAdapter(Id)


@ROUTER.get(
    "/leads/{lead_id:path}",
    **document(
        "get_lead",
        "Tell a lead's story",
        Told(LeadStory, story_example(EXAMPLE["scores"]), "All that the ledger knows of it"),
        (NO_KEY, WRONG_SCOPE, UNKNOWN_LEAD, WRONG_QUERY, LEDGER_DOWN),
        parameters=[_LEAD_ID, *query_parameters(PageQuery)],
    ),
)
async def story(request: Request) -> Response:
    """Tell the scores of a lead, a page at a time, its hand-offs, and what was said of it."""
    require(request, "read")
    query = query_of(request, PageQuery)
    after = None if query.cursor is None else place_of(query.cursor)
    lead_id = _lead_id(request)
    if lead_id is None:
        raise _unknown()
    told = await in_ledger(partial(_story, room_of(request).ledger, lead_id, after, query.limit))
    return json_answer(told)


@ROUTER.delete(
    "/leads/{lead_id:path}",
    **document(
        "erase_lead",
        "Erase a lead",
        Told(ErasureAnswer, ERASURE_EXAMPLE, "Nothing of the lead is left"),
        (NO_KEY, WRONG_SCOPE, LEDGER_DOWN),
        parameters=[_LEAD_ID],
    ),
)
async def erase(request: Request) -> Response:
    """Delete all that the ledger knows of a lead. Asked again, it deletes nothing and says so."""
    grant = require(request, "admin")
    lead_id = _lead_id(request)
    if lead_id is None:  # no lead can have this id
        return json_answer(dict.fromkeys(ErasureAnswer.model_fields, 0))
    actor, now = by_key(grant.key_id), datetime.now(UTC)
    return json_answer(await in_ledger(partial(erase_lead, room_of(request).ledger, lead_id, actor, now)))


def _story(ledger: Ledger, lead_id: str, after: Place | None, most: int) -> dict[str, Any]:
    now = datetime.now(UTC)
    with ledger.reading() as connection:
        found = scores_of(connection, lead_id, after, most + 1)
        handoffs, feedback = handoffs_of(connection, lead_id), feedback_of(connection, lead_id)
    if not (found or handoffs or feedback):
        raise _unknown()
    page = found[:most]
    more = len(found) > len(page)
    last = Place(cast("datetime", page[-1]["scored_at"]), str(page[-1]["score_id"])) if more else None
    return {
        "lead_id": lead_id,
        "scores": [score_shown(row) for row in page],
        "next_cursor": last and last.cursor(),
        "handoffs": [handoff_shown(one, now) for one in handoffs],
        "feedback": [feedback_shown(row) for row in feedback],
    }


def _lead_id(request: Request) -> str | None:
    """Return the id in the path; None where no lead can have it."""
    try:
        return _IDS.validate_python(request.path_params["lead_id"])
    except ValidationError:
        return None


def _unknown() -> Problem:
    return Problem(UNKNOWN_LEAD, "The ledger knows nothing of this lead. Correct its id, or score it.")
