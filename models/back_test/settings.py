"""How far back the past is replayed, and how thoroughly each model of it is learned."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class BackTestSettings(BaseModel):
    """The section ``back_test`` of params.yaml.

    The newest ``months`` are replayed at most; 0 switches the back-test off. Rung, recipe, calibration and
    cut-off are searched anew for every ``search_every``-th model, and those between learn by the same recipe.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    months: int = Field(default=6, ge=0)
    search_every: int = Field(default=6, ge=1)
