"""`/sign-in` and `/sign-out`: a key for a session, and the session's end."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from serving.api_keys import Grant
from serving.pages.rendering import render
from serving.problems import Problem
from serving.routes.access import room_of
from serving.routes.addresses import own_address
from serving.routes.sessions import PAGE_HEADERS, SessionRoute, form_of
from serving.routes.window.first_views import begin_first_views

ROUTER = APIRouter(route_class=SessionRoute, include_in_schema=False)
PAGES: Final = "/month"
TRY: Final = "/try"


@ROUTER.get("/sign-in")
async def sign_in_page(request: Request) -> Response:
    """Ask for a key; whoever reads that will want to see pages, so they are made ready meanwhile."""
    begin_first_views(room_of(request))
    return _page(200, None, own_address(request.query_params.get("next", "")))


@ROUTER.post("/sign-in")
async def sign_in(request: Request) -> Response:
    """Check the key, and begin a session that ends with it."""
    form = await form_of(request)
    wanted = own_address(form.get("next", ""))
    try:
        grant = room_of(request).keyring.identify(form.get("key", "").strip())
    except Problem as problem:
        return _page(problem.kind.status, problem, wanted)
    request.session.clear()
    request.session["key_id"] = grant.key_id
    request.scope["state"]["key_id"] = grant.key_id
    return RedirectResponse(wanted or _first(grant), 303)


@ROUTER.post("/sign-out")
async def sign_out(request: Request) -> Response:
    """End the session."""
    await form_of(request)
    request.session.clear()
    return RedirectResponse("/sign-in", 303)


def _first(grant: Grant) -> str:
    return PAGES if grant.allows("read") else TRY


def _page(status: int, problem: Problem | None, wanted: str) -> Response:
    return HTMLResponse(render("sign_in.html", problem=problem, wanted=wanted), status, PAGE_HEADERS)
