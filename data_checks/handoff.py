"""The hand-off rule: which scored leads are given to sales."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from data_checks.agreed_part import AgreedPart


class ByProbability(AgreedPart):
    """Hand off every lead whose probability is ``at_least`` this."""

    by: Literal["probability"]
    at_least: Annotated[float, Field(gt=0, le=1)]


class ByCapacity(AgreedPart):
    """Hand off the best leads, as many as sales can work in a week."""

    by: Literal["capacity"]
    leads_per_week: Annotated[int, Field(gt=0)]


class ByPrecision(AgreedPart):
    """Hand off as many leads as possible while the share that reaches the target is ``at_least`` this."""

    by: Literal["precision"]
    at_least: Annotated[float, Field(gt=0, le=1)]


Handoff = Annotated[ByProbability | ByCapacity | ByPrecision, Field(discriminator="by")]
