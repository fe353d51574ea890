"""Whether Baton is alive, and whether it can score."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from serving.routes.access import room_of

ROUTER = APIRouter(tags=["health"])


class Health(BaseModel):
    """How Baton is."""

    status: Annotated[Literal["alive", "ready", "not ready"], Field(description="In a word.")]
    missing: Annotated[
        list[Literal["model", "ledger"]], Field(description="What keeps it from being ready.")
    ] = []


_NOT_READY: dict[int | str, dict[str, Any]] = {503: {"model": Health, "description": "Not ready"}}


@ROUTER.get("/livez", operation_id="is_alive", response_model=Health)
async def livez() -> Response:
    """Say that the process answers. It says nothing about model and ledger."""
    return JSONResponse({"status": "alive", "missing": []})


@ROUTER.get("/readyz", operation_id="is_ready", response_model=Health, responses=_NOT_READY)
@ROUTER.get("/healthz", operation_id="is_healthy", response_model=Health, responses=_NOT_READY)
async def readyz(request: Request) -> Response:
    """Say whether a score can be made and written now: 503 while the model or the ledger is missing."""
    missing = list(room_of(request).faults())
    status = "not ready" if missing else "ready"
    return JSONResponse({"status": status, "missing": missing}, 503 if missing else 200)
