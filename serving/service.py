"""The BentoML service: it hosts one ASGI application and adds nothing of its own to a request."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import bentoml
from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send


@asynccontextmanager
async def _lifespan(mounted: Starlette) -> AsyncIterator[None]:
    # BentoML's supervisor imports this module too, and never answers a request: it is spared the imports.
    from serving.app import build_app

    app = build_app()
    async with app.router.lifespan_context(app):
        mounted.state.app = app
        yield


MOUNTED: Final = Starlette(lifespan=_lifespan)


class StraightThrough:
    """Hands each request to the application, before BentoML's own routes.

    BentoML would answer `/livez` and `/schema.json` itself, and an unknown address in a shape of its own.
    Start and stop still go through BentoML, which runs the lifespan of what is mounted.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._bentoml = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on to the application, and anything else to BentoML."""
        app = MOUNTED.state.app if scope["type"] == "http" else self._bentoml
        await app(scope, receive, send)


@bentoml.service(
    name="baton",
    workers=1,  # BENTOML_CONFIG_OPTIONS has more, if BATON_WORKERS says so
    # `bentoml serve` alone would listen on every address of the machine.
    http={"host": "127.0.0.1"},
    # Each of these middlewares costs more than scoring a lead does; Baton has its own log line.
    metrics={"enabled": False},
    logging={"access": {"enabled": False}},
    tracing={"excluded_urls": ".*"},
    # BentoML leaves a timer behind for each request until this has passed, so it is short.
    traffic={"timeout": 30},
)
@bentoml.asgi_app(MOUNTED, path="/")
class Baton:
    """Scores leads. It has no API of BentoML's own, and so no body that BentoML would unpickle."""


Baton.add_asgi_middleware(StraightThrough)  # type: ignore[attr-defined]
