"""`GET /metrics`: figures for Prometheus."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from serving.exposition import CONTENT_TYPE, exposition
from serving.openapi import document_text
from serving.problems import NO_KEY, WRONG_SCOPE
from serving.routes.access import require, room_of
from serving.routes.direct import DirectRoute

ROUTER = APIRouter(route_class=DirectRoute, tags=["health"])


@ROUTER.get(
    "/metrics",
    response_class=PlainTextResponse,
    **document_text("get_metrics", "Figures for Prometheus", (NO_KEY, WRONG_SCOPE)),
)
async def metrics(request: Request) -> Response:
    """Return how many requests and leads were answered, how fast, and how the service is, for Prometheus."""
    require(request, "read")
    text = await asyncio.to_thread(exposition, room_of(request))
    return Response(text, headers={"Content-Type": CONTENT_TYPE})
