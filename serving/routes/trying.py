"""`/try`: score a lead by hand, as a person who was given a key."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from fastapi import APIRouter
from pydantic import ValidationError
from pydantic_core import from_json, to_json
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from data_checks.stages import STAGE_MEANINGS
from serving.api_keys import Grant
from serving.champion import Served
from serving.faults import faults_of
from serving.messages import ScoreRequest
from serving.pages.rendering import render
from serving.problems import WRONG_SHAPE, Problem
from serving.replays import Asking
from serving.routes.access import room_of
from serving.routes.sessions import PAGE_HEADERS, SessionRoute, form_of
from serving.routes.visitors import visitor
from serving.trial_form import activity_inputs, lead_inputs, lead_of

ROUTER = APIRouter(route_class=SessionRoute, include_in_schema=False)


@ROUTER.get("/try")
async def try_page(request: Request) -> Response:
    """Show the form."""
    grant = visitor(request, "score", "/try")
    if isinstance(grant, Response):
        return grant
    created = datetime.now(UTC) - timedelta(days=7)
    return _form(request, grant, {"field.created_at": f"{created:%Y-%m-%dT%H:%M}"})


@ROUTER.post("/try")
async def try_lead(request: Request) -> Response:
    """Score the lead of the form, as a trial: it is in the ledger, and opens no hand-off."""
    filled = await form_of(request)
    grant = visitor(request, "score", "/try")
    if isinstance(grant, Response):
        return grant
    try:
        score = await _score(request, grant, filled)
    except Problem as problem:
        return _form(request, grant, filled, problem=problem)
    return _form(request, grant, filled, score=score)


async def _score(request: Request, grant: Grant, filled: Mapping[str, str]) -> dict[str, Any]:
    room = room_of(request)
    room.rates.spend(grant)
    try:
        asked = ScoreRequest.model_validate_json(to_json({"leads": [lead_of(filled)]}))
    except ValidationError as error:
        faults = faults_of(error, ScoreRequest)
        raise Problem(WRONG_SHAPE, f"{faults[0].path}: {faults[0].message}.", faults) from None
    request.scope["state"]["leads"] = 1
    body = await room.desk.answer(asked, Asking(grant.key_id, is_trial=True))
    score: dict[str, Any] = from_json(body)["scores"][0]
    return score


def _form(
    request: Request,
    grant: Grant,
    filled: Mapping[str, str],
    score: Mapping[str, Any] | None = None,
    problem: Problem | None = None,
) -> Response:
    served = room_of(request).champion.served
    values: dict[str, Any] = {
        "key_id": grant.key_id,
        "as_of": filled.get("as_of", ""),
        "problem": problem,
        "score": score,
        "target": None,
        "fields": [],
        "activities": [],
    }
    if served is not None:
        values |= _asked_by(served, filled)
    return _page("try.html", problem.kind.status if problem else 200, **values)


def _asked_by(served: Served, filled: Mapping[str, str]) -> dict[str, Any]:
    agreement = served.scorer.agreement
    return {
        "target": STAGE_MEANINGS[agreement.target.stage],
        "fields": lead_inputs(agreement, filled),
        "activities": activity_inputs(agreement, filled),
    }


def _page(name: str, status: int, **values: object) -> Response:
    return HTMLResponse(render(name, **values), status, PAGE_HEADERS)
