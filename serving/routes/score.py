"""`POST /score`: the one address that must be fast."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from serving.parsing import parse_score_request
from serving.problems import Problem
from serving.replays import asking
from serving.request_body import check_type, read_body
from serving.routes.access import require_uncounted, room_of
from serving.routes.gate import Gate


def score_endpoint() -> Callable[[Request], Any]:
    """Return the endpoint, with a gate of its own."""
    gate = Gate()

    async def score(request: Request) -> Response:
        """Score 1 to 100 leads. What is answered is in the ledger. One bad lead does not fail the others."""
        room = room_of(request)
        grant = require_uncounted(request, "score")
        check_type(request)
        room.desk.require_room()
        with gate.entered(request, room.settings):
            try:
                body = await read_body(request, room.settings.max_body_bytes, room.settings.body_seconds)
                asked = parse_score_request(body, room.rates.most_leads(grant, room.settings.max_leads))
            except Problem:
                room.rates.spend(grant)
                raise
            room.rates.spend(grant, len(asked.leads))
            request.scope["state"]["leads"] = len(asked.leads)
            who = asking(grant.key_id, request.headers.get("idempotency-key"), "score", body)
            return Response(await room.desk.answer(asked, who), media_type="application/json")

    return score
