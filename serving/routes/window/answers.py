"""`POST /lead/answer`: what sales says of a lead, from a page."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from fastapi import APIRouter
from pydantic import ValidationError
from pydantic_core import to_json
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from serving.faults import faults_of
from serving.feedback_messages import FeedbackRequest
from serving.key_store import key_name
from serving.ledger.ledger import LedgerRow
from serving.problems import NO_MODEL, WRONG_FEEDBACK, WRONG_SCOPE, Problem
from serving.recording import Said, record
from serving.replays import asking
from serving.routes.addresses import address, own_address
from serving.routes.ledger_work import in_ledger
from serving.routes.sessions import SessionRoute, form_of, signed_in
from serving.routes.window.answering import NO_MODEL_WORDS, in_words
from serving.routes.window.frame import Visit, shown_page, visit_of
from serving.routes.window.lead import TEMPLATE, Refused, known_row, look_after
from serving.routes.window.ledger_view import ledger_view

ROUTER = APIRouter(route_class=SessionRoute, include_in_schema=False)
_SAID: Final = ("lead_id", "handoff_id", "verdict", "reason", "until", "comment", "by")


@ROUTER.post("/lead/answer")
async def answer(request: Request) -> Response:
    """Record what the form says, once, and lead back to where it was sent from."""
    form = await form_of(request)
    lead_page = address("/lead", {"id": form.get("lead_id", "")})
    if signed_in(request) is None:
        return RedirectResponse(address("/sign-in", {"next": lead_page}), 303)
    visit = visit_of(request, "/lead", "feedback")
    if isinstance(visit, Response):
        return visit
    if not visit.may("read"):
        raise Problem(WRONG_SCOPE, "This needs a key with the scope `read`, too.")
    try:
        row = await in_ledger(partial(_recorded, visit, form))
    except Problem as problem:
        return await asyncio.to_thread(_refused, visit, form, problem)
    return RedirectResponse(_back_to(own_address(form.get("back", "")) or lead_page, row), 303)


def _recorded(visit: Visit, form: Mapping[str, str]) -> LedgerRow:
    served = visit.room.champion.served
    if served is None:
        raise Problem(NO_MODEL, NO_MODEL_WORDS)
    said = {name: form[name].strip() for name in _SAID if form.get(name, "").strip()}
    said.setdefault("by", key_name(visit.room.ledger, visit.grant.key_id))
    message = _message(said)
    who = asking(visit.grant.key_id, form.get("once", ""), "lead/answer", to_json(said))
    is_known = known_row(visit, ledger_view(visit), message.lead_id) is not None
    meant = message.lead_id, None, message.handoff_id
    agreement, now = served.scorer.agreement, datetime.now(UTC)
    return record(visit.room.ledger, Said(message, agreement, now, *meant, is_known), who)


def _message(said: Mapping[str, str]) -> FeedbackRequest:
    plain = {name: value.replace("\r\n", "\n") for name, value in said.items()}
    try:
        return FeedbackRequest.model_validate_json(to_json(plain))
    except ValidationError as error:
        faults = faults_of(error, FeedbackRequest)
        raise Problem(WRONG_FEEDBACK, f"{faults[0].path}: {faults[0].message}.", faults) from None


def _refused(visit: Visit, form: Mapping[str, str], problem: Problem) -> Response:
    """Return the page of the lead with the form as it was filled in, and why it was not taken."""
    filled = dict(form)
    if problem.kind.slug == "other-request":
        filled.pop("once", None)
    asked = {"id": form.get("lead_id", ""), "back": own_address(form.get("back", ""))}
    page = Visit(visit.room, visit.grant, visit.figures, asked, visit.path)
    shown = look_after(page, Refused(filled, in_words(problem), problem.kind.status))
    return shown_page(TEMPLATE, shown, page)


def _back_to(back: str, row: LedgerRow) -> str:
    """Return where the form came from, with what was recorded to be confirmed there."""
    parts = urlsplit(back)
    asked = dict(parse_qsl(parts.query)) | {"said": str(row["feedback_id"])}
    return address(parts.path, asked)
