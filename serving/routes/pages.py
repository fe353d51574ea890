"""The pages for people, and what they are made of."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from data_checks.agreement import Agreement
from data_checks.stages import STAGE_MEANINGS
from serving.champion import Served
from serving.ledger.errors import LedgerDownError
from serving.ledger.ledger import RecentScores
from serving.messages import EXAMPLE
from serving.openapi_30 import as_openapi_30
from serving.pages.agreement_words import agreement_words, label
from serving.pages.api_page import api_page
from serving.pages.rendering import FOLDER, render
from serving.problems import NOT_FOUND, Problem
from serving.routes.access import room_of
from serving.running import Running
from serving.settings import Settings

ROUTER = APIRouter(include_in_schema=False)
_DAY: Final = timedelta(days=1)
_ASSETS: Final = {"baton.css": "text/css; charset=utf-8", "baton.svg": "image/svg+xml"}
_DECISIONS: Final = ("hand_off", "nurture", "reject")


@ROUTER.get("/")
async def home(request: Request) -> Response:
    """Say what Baton is and how it is."""
    room = room_of(request)
    details, served = room.settings.shows_details, room.champion.served
    recent = await asyncio.to_thread(_recent, room) if details and served else None
    values: dict[str, Any] = {
        "faults": room.faults(),
        "details": details,
        "model": served and _model(served, room),
        "agreement": served and _agreement(served.scorer.agreement),
        "recent": recent,
        "decisions": [(name, recent.by_decision.get(name, 0)) for name in _DECISIONS] if recent else (),
        "curl": _curl(room.settings),
    }
    return HTMLResponse(render("home.html", **values))


@ROUTER.get("/docs")
async def docs(request: Request) -> Response:
    """Show the API to people; it needs no script and no other host."""
    return HTMLResponse(render("api.html", **api_page(request.app.openapi())))


@ROUTER.get("/openapi.json")
async def openapi(request: Request) -> Response:
    """Return the OpenAPI document."""
    return JSONResponse(request.app.openapi())


@ROUTER.get("/openapi-3.0.json")
async def openapi_30(request: Request) -> Response:
    """Return the document for programs that import OpenAPI 3.0 alone."""
    return JSONResponse(as_openapi_30(request.app.openapi()))


@ROUTER.get("/assets/{name}")
async def asset(name: str) -> Response:
    """Return a file that the pages use."""
    if name not in _ASSETS:
        raise Problem(NOT_FOUND, "Baton has no such asset.")
    content = await asyncio.to_thread((FOLDER / name).read_bytes)
    return Response(content, media_type=_ASSETS[name], headers={"Cache-Control": "max-age=300"})


def _recent(room: Running) -> RecentScores | None:
    try:
        return room.ledger.recent_scores(datetime.now(UTC), _DAY)
    except LedgerDownError:
        return None


def _model(served: Served, room: Running) -> dict[str, Any]:
    scorer, fault = served.scorer, room.champion.fault
    return {
        "version": scorer.model_version,
        "since": served.since,
        "target": label(STAGE_MEANINGS[scorer.agreement.target.stage]),
        "horizon_days": scorer.horizon_days,
        "features": len(scorer.feature_names),
        "trained_on": {label(name): value for name, value in scorer.trained_on.items()},
        "standing": scorer.standing,
        "not_loaded": str(fault) if fault else None,
    }


def _agreement(agreement: Agreement) -> dict[str, Any]:
    return {"version": agreement.version, "words": agreement_words(agreement)}


def _curl(settings: Settings) -> str:
    lead = EXAMPLE["leads"][0]
    fields, activities = (json.dumps(lead[part]) for part in ("fields", "activities"))
    fields = fields.replace(', "industry"', ',\n      "industry"')
    activities = activities.replace(', "asset"', ',\n      "asset"')
    return (
        f"curl -s {settings.address}/score \\\n"
        '  -H "Authorization: Bearer $BATON_KEY" -H "Content-Type: application/json" \\\n'
        f"""  -d '{{"leads": [{{"lead_id": "{lead["lead_id"]}",\n"""
        f"""    "fields": {fields},\n"""
        f"""    "activities": {activities}}}]}}'"""
    )
