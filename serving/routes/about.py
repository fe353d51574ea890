"""`GET /model` and `GET /agreement`: what decides, and under which agreement."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from models.model import Rung
from serving.openapi import document_about
from serving.routes.access import require, room_of, served_of
from serving.running import Running

ROUTER = APIRouter(tags=["about"])


class ChallengerAnswer(BaseModel):
    """A model that scores beside the one that answers."""

    model_version: Annotated[str, Field(description="The version on the shelf.")]
    agreement_version: Annotated[str, Field(description="The agreement it was made under.")]
    model_rung: Annotated[Rung, Field(description="`base_rate` where there is no usable signal.")]
    serving_since: Annotated[datetime, Field(description="Since when this process asks it, UTC.")]
    is_objected: Annotated[
        bool, Field(description="Whether the gate objects to it; then it answers nobody, whatever the share.")
    ]
    canary_share: Annotated[float, Field(description="The share of leads that it answers for.")]


class ModelAnswer(BaseModel):
    """The model that scores now."""

    model_version: Annotated[str, Field(description="The version on the shelf.")]
    agreement_version: Annotated[str, Field(description="The agreement it was made under.")]
    horizon_days: Annotated[int, Field(description="The agreed days until the target stage.")]
    model_rung: Annotated[Rung, Field(description="`base_rate` where there is no usable signal.")]
    standing: Annotated[str, Field(description="Why it stands there, in words.")]
    trained_on: Annotated[dict[str, int | float | str], Field(description="Figures about the training.")]
    features: Annotated[list[str], Field(description="What the model looks at.")]
    serving_since: Annotated[datetime, Field(description="Since when this process serves it, UTC.")]
    not_loaded: Annotated[str | None, Field(description="Why a newer champion is not served.")]
    challenger: Annotated[
        ChallengerAnswer | None, Field(description="The model that scores beside this one, if there is one.")
    ]
    challenger_not_loaded: Annotated[str | None, Field(description="Why a challenger does not score.")]


class AgreementAnswer(BaseModel):
    """The agreement, with the keys of `agreement.yaml`."""

    model_config = ConfigDict(extra="allow")

    version: Annotated[str, Field(description="The version that both teams signed.")]


@ROUTER.get("/model", operation_id="get_model", response_model=ModelAnswer, responses=document_about())
async def model(request: Request) -> Response:
    """Describe the model that scores now; `not_loaded` says why a newer champion does not."""
    require(request, "read")
    served = served_of(request)
    fault, challenger_fault = room_of(request).champion.fault, room_of(request).challenger.fault
    answer = ModelAnswer(
        model_version=served.scorer.model_version,
        agreement_version=served.scorer.agreement.version,
        horizon_days=served.scorer.horizon_days,
        model_rung=served.scorer.rung,
        standing=served.scorer.standing,
        trained_on=dict(served.scorer.trained_on),
        features=list(served.scorer.feature_names),
        serving_since=served.since,
        not_loaded=str(fault) if fault else None,
        challenger=_challenger(room_of(request)),
        challenger_not_loaded=str(challenger_fault) if challenger_fault else None,
    )
    return JSONResponse(answer.model_dump(mode="json"))


@ROUTER.get(
    "/agreement", operation_id="get_agreement", response_model=AgreementAnswer, responses=document_about()
)
async def agreement(request: Request) -> Response:
    """Return the agreement that the serving model was made under, as `agreement.yaml` says it."""
    require(request, "read")
    return JSONResponse(served_of(request).scorer.agreement.model_dump(mode="json", by_alias=True))


def _challenger(room: Running) -> ChallengerAnswer | None:
    served = room.challenger.served
    if served is None:
        return None
    return ChallengerAnswer(
        model_version=served.scorer.model_version,
        agreement_version=served.scorer.agreement.version,
        model_rung=served.scorer.rung,
        serving_since=served.since,
        is_objected=served.is_objected,
        canary_share=room.panel.share,
    )
