"""`POST /feedback` and `POST /handoffs/{handoff_id}`: what sales says."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import partial
from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from serving.feedback_answers import FEEDBACK_ANSWER_EXAMPLE, FeedbackAnswer, feedback_shown
from serving.feedback_messages import FEEDBACK_EXAMPLE, VERDICT_EXAMPLE, FeedbackRequest, HandoffVerdict
from serving.openapi import IDEMPOTENCY_KEY, OF_MESSAGES, Told, document
from serving.problems import (
    ANSWERED_HANDOFF,
    ERASED,
    LEDGER_DOWN,
    NO_MODEL,
    OTHER_REQUEST,
    UNKNOWN_HANDOFF,
    UNKNOWN_LEAD,
    WRONG_FEEDBACK,
    WRONG_IDEMPOTENCY_KEY,
    Problem,
)
from serving.recording import Said, record
from serving.replays import Asking, asking
from serving.routes.access import require, room_of, served_of
from serving.routes.direct import DirectRoute, message_of
from serving.routes.json_answer import json_answer
from serving.routes.ledger_work import in_ledger
from serving.routes.queries import path_parameter

ROUTER = APIRouter(route_class=DirectRoute, tags=["feedback"])
_ID: Final = re.compile(r"[0-9a-f-]{36}")
_KINDS: Final = (
    *OF_MESSAGES,
    WRONG_IDEMPOTENCY_KEY,
    ANSWERED_HANDOFF,
    ERASED,
    WRONG_FEEDBACK,
    OTHER_REQUEST,
    NO_MODEL,
    LEDGER_DOWN,
)
_RECORDED: Final = Told(FeedbackAnswer, FEEDBACK_ANSWER_EXAMPLE, "It is in the ledger")


@ROUTER.post(
    "/feedback",
    **document(
        "give_feedback",
        "Say what sales decided about a lead",
        _RECORDED,
        (*_KINDS, UNKNOWN_LEAD),
        Told(FeedbackRequest, FEEDBACK_EXAMPLE),
        [IDEMPOTENCY_KEY],
    ),
)
async def feedback(request: Request) -> Response:
    """Record a verdict on a lead. It answers the hand-off by which sales has the lead, if it has it."""
    grant = require(request, "feedback")
    message, body = await message_of(request, FeedbackRequest)
    said = Said(
        message,
        served_of(request).scorer.agreement,
        datetime.now(UTC),
        message.lead_id,
        message.score_id,
        message.handoff_id,
    )
    return await _recorded(request, said, _asking(request, grant.key_id, "feedback", body))


@ROUTER.post(
    "/handoffs/{handoff_id}",
    **document(
        "answer_handoff",
        "Answer a hand-off",
        _RECORDED,
        (*_KINDS, UNKNOWN_HANDOFF),
        Told(HandoffVerdict, VERDICT_EXAMPLE),
        [path_parameter("handoff_id", "The hand-off."), IDEMPOTENCY_KEY],
    ),
)
async def answer_handoff(request: Request) -> Response:
    """Accept, reject or recycle a hand-off. What was accepted may still be rejected or recycled."""
    grant = require(request, "feedback")
    message, body = await message_of(request, HandoffVerdict)
    handoff_id = request.path_params["handoff_id"]
    if not _ID.fullmatch(handoff_id):
        raise Problem(UNKNOWN_HANDOFF, "The id of a hand-off is a UUID. `GET /handoffs` lists them.")
    agreement = served_of(request).scorer.agreement
    said = Said(message, agreement, datetime.now(UTC), handoff_id=handoff_id)
    return await _recorded(request, said, _asking(request, grant.key_id, f"handoffs/{handoff_id}", body))


def _asking(request: Request, key_id: str, operation: str, body: bytes) -> Asking:
    return asking(key_id, request.headers.get("idempotency-key"), operation, body)


async def _recorded(request: Request, said: Said, who: Asking) -> Response:
    row = await in_ledger(partial(record, room_of(request).ledger, said, who))
    return json_answer(feedback_shown(row))
