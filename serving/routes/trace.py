"""`GET /scores/{score_id}/trace`: why a score came out as it did."""

from __future__ import annotations

import asyncio
from typing import Any

from fastapi import APIRouter
from pydantic_core import to_json
from starlette.requests import Request
from starlette.responses import Response

from serving.kept_inputs import unpacked
from serving.ledger.errors import LedgerDownError, told
from serving.ledger.kept_scores import KeptScore, kept_score
from serving.openapi import Told, document
from serving.problems import LEDGER_DOWN, NO_KEY, NOT_FOUND, WRONG_SCOPE, Problem
from serving.routes.access import require, room_of
from serving.routes.direct import DirectRoute
from serving.running import Running
from serving.score_ids import is_score_id
from serving.trace_answers import EXAMPLE, Retraced, TraceAnswer, trace_json

ROUTER = APIRouter(route_class=DirectRoute, tags=["score"])


@ROUTER.get(
    "/scores/{score_id}/trace",
    **document(
        "trace_score",
        "Trace a score",
        Told(TraceAnswer, EXAMPLE, "The way of the score, as far as it is still known"),
        (NO_KEY, WRONG_SCOPE, NOT_FOUND, LEDGER_DOWN),
        parameters=[
            {
                "name": "score_id",
                "in": "path",
                "required": True,
                "description": "The score's id, as it was answered.",
                "schema": {"type": "string"},
            }
        ],
    ),
)
async def trace(request: Request) -> Response:
    """Compute a score once more from what is kept of its lead, and show every step and every record.

    What is not kept any more is named under `missing`, and nothing is made up for it.
    """
    require(request, "read")
    room, score_id = room_of(request), request.path_params["score_id"]
    try:
        async with room.past.turn:
            found = await asyncio.to_thread(_traced, room, score_id)
    except LedgerDownError as error:
        raise Problem(LEDGER_DOWN, told(error), headers={"Retry-After": "1"}) from None
    return Response(to_json(found), media_type="application/json")


def _traced(room: Running, score_id: str) -> dict[str, Any]:
    kept = _kept(room, score_id) if is_score_id(score_id) else None
    if kept is None:
        raise Problem(NOT_FOUND, "The ledger has no such score.")
    scorer = room.past.of_version(str(kept.row["model_version"]))
    if scorer is None:
        return trace_json(Retraced(kept.row, kept.content is not None, None, None))
    traced = None if kept.content is None else scorer.trace(unpacked(kept.content))
    return trace_json(Retraced(kept.row, kept.content is not None, scorer.way, traced))


def _kept(room: Running, score_id: str) -> KeptScore | None:
    with room.ledger.reading() as connection:
        return kept_score(connection, score_id)
