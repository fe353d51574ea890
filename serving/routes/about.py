"""`GET /model` and `GET /agreement`: what decides, and under which agreement."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from serving.champion import Served
from serving.openapi import document_about
from serving.problems import NO_MODEL, Problem
from serving.routes.access import require, room_of

ROUTER = APIRouter(tags=["about"])


class ModelAnswer(BaseModel):
    """The model that scores now."""

    model_version: str
    agreement_version: str
    horizon_days: int
    trained_on: dict[str, int | float | str]
    features: list[str]
    serving_since: datetime
    not_loaded: str | None


@ROUTER.get("/model", operation_id="get_model", response_model=ModelAnswer, responses=document_about())
async def model(request: Request) -> Response:
    """Describe the model that scores now; `not_loaded` says why a newer champion does not."""
    require(request, "read")
    served = _served(request)
    fault = room_of(request).champion.fault
    answer = ModelAnswer(
        model_version=served.scorer.model_version,
        agreement_version=served.scorer.agreement.version,
        horizon_days=served.scorer.horizon_days,
        trained_on=dict(served.scorer.trained_on),
        features=list(served.scorer.feature_names),
        serving_since=served.since,
        not_loaded=str(fault) if fault else None,
    )
    return JSONResponse(answer.model_dump(mode="json"))


@ROUTER.get(
    "/agreement", operation_id="get_agreement", response_model=dict[str, Any], responses=document_about()
)
async def agreement(request: Request) -> Response:
    """Return the agreement that the serving model was made under, as `agreement.yaml` says it."""
    require(request, "read")
    return JSONResponse(_served(request).scorer.agreement.model_dump(mode="json", by_alias=True))


def _served(request: Request) -> Served:
    champion = room_of(request).champion
    if champion.served is None:
        raise Problem(NO_MODEL, str(champion.fault), headers={"Retry-After": "5"})
    return champion.served
