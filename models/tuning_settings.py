"""How long settings are looked for: the section `tune` of params.yaml."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class TuningSettings(BaseModel):
    """The budget of the search: so many ``trials``, none begun once ``minutes`` were spent on them.

    The first trial is the setting of params.yaml itself, so that fewer than two search for nothing.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    trials: int = Field(default=0, ge=0)
    minutes: float = Field(default=60, gt=0)
