"""`GET /handoffs`: what sales has, and what is due."""

from __future__ import annotations

from datetime import UTC, datetime

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from serving.cursors import Place, place_of
from serving.feedback_answers import HANDOFFS_EXAMPLE, HandoffsAnswer, handoff_shown
from serving.handoffs import Handoff
from serving.ledger.listing import HandoffFilter, list_handoffs
from serving.openapi import Told, document
from serving.problems import LEDGER_DOWN, NO_KEY, WRONG_QUERY, WRONG_SCOPE
from serving.routes.access import require, room_of
from serving.routes.direct import DirectRoute
from serving.routes.json_answer import json_answer
from serving.routes.ledger_work import in_ledger
from serving.routes.queries import HandoffQuery, query_of, query_parameters

ROUTER = APIRouter(route_class=DirectRoute, tags=["feedback"])


@ROUTER.get(
    "/handoffs",
    **document(
        "list_handoffs",
        "List hand-offs",
        Told(HandoffsAnswer, HANDOFFS_EXAMPLE, "A page of them"),
        (NO_KEY, WRONG_SCOPE, WRONG_QUERY, LEDGER_DOWN),
        parameters=query_parameters(HandoffQuery),
    ),
)
async def handoffs(request: Request) -> Response:
    """List the leads that were handed to sales, those due soonest first."""
    require(request, "read")
    query = query_of(request, HandoffQuery)
    wanted = HandoffFilter(query.state, query.overdue, query.grade)
    after = None if query.cursor is None else place_of(query.cursor)
    ledger, now = room_of(request).ledger, datetime.now(UTC)

    def work() -> list[Handoff]:
        with ledger.reading() as connection:
            return list_handoffs(connection, wanted, after, query.limit + 1, now)

    found = await in_ledger(work)
    page = found[: query.limit]
    last = Place(page[-1].due_at, page[-1].handoff_id).cursor() if len(found) > len(page) else None
    return json_answer({"handoffs": [handoff_shown(one, now) for one in page], "next_cursor": last})
