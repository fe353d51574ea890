"""The application, put together in one place: every part, and nothing that decides."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from serving import garbage
from serving.champion import Scorer, Shelf
from serving.envelope import Envelope, problem_response
from serving.openapi import document_score, openapi_of
from serving.problems import NOT_FOUND, WRONG_METHOD, Problem
from serving.request_log import start_logging
from serving.routes import about, feedback, handoffs, health, leads, metrics, pages, signing_in, trace, trying
from serving.routes.direct import DirectRoute
from serving.routes.score import score_endpoint
from serving.routes.window.all_pages import PAGES
from serving.running import running
from serving.settings import Settings, load_settings


def _shelf(settings: Settings) -> Shelf:
    from models.shelf import Shelf as Folder

    return Folder(settings.models)


def _load(bundle: Path, version: str) -> Scorer:
    from models.scorer import load_scorer

    return load_scorer(bundle, version)


def build_app(
    settings: Settings | None = None,
    shelf: Callable[[Settings], Shelf] = _shelf,
    load: Callable[[Path, str], Scorer] = _load,
    on_change: Callable[[], None] = garbage.freeze,
) -> FastAPI:
    """Return the application. The ledger and the model are opened when it starts.

    Without ``settings`` they are read from the environment then.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        start_logging()
        chosen = settings or load_settings()
        async with running(chosen, shelf(chosen), load, on_change) as room:
            app.state.running = room
            collecting = asyncio.create_task(garbage.collect_regularly())
            yield
            collecting.cancel()
            with suppress(asyncio.CancelledError):
                await collecting

    app = FastAPI(
        title="Baton",
        summary="Decides which leads marketing hands to sales.",
        version="1",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        # BentoML sets up OpenTelemetry, and FastAPI would then make spans that quote what was raised.
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
        lifespan=lifespan,
    )
    app.router.add_api_route(
        "/score", score_endpoint(), methods=["POST"], route_class_override=DirectRoute, **document_score()
    )
    for routes in (feedback, handoffs, leads, trace, health, about, metrics, pages, signing_in, trying):
        app.include_router(routes.ROUTER)
    for router in PAGES:
        app.include_router(router)
    app.openapi = lambda: openapi_of(app)  # type: ignore[method-assign]
    app.add_exception_handler(Problem, _answer_problem)
    app.add_exception_handler(HTTPException, _answer_http)
    app.add_middleware(Envelope, paths=("/score", "/", "/docs", "/livez", "/readyz", "/healthz", "/model"))
    return app


async def _answer_problem(_request: Request, error: Exception) -> Response:
    if not isinstance(error, Problem):
        raise error
    return problem_response(error)


async def _answer_http(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    if error.status_code == WRONG_METHOD.status:
        # Of an address with several routes, the error knows the first alone.
        template = getattr(request.scope.get("route"), "path_format", "")
        methods = request.app.openapi()["paths"].get(template, ())
        allowed = ", ".join(sorted(map(str.upper, methods))) or (error.headers or {}).get("Allow", "")
        return problem_response(Problem(WRONG_METHOD, f"It takes {allowed}.", headers={"Allow": allowed}))
    return problem_response(Problem(NOT_FOUND, "See /docs for the addresses that Baton answers at."))
