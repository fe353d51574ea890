"""What a data scientist sets about features: the section ``features`` of params.yaml."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from features.moments import DAY
from features.timeline import LONGEST_WINDOW

Days = Annotated[float, Field(ge=0.001, le=LONGEST_WINDOW / DAY)]


class FeatureSettings(BaseModel):
    """Which windows to look through and what counts as common.

    ``windows_days`` are the windows of counts, two years at most; ``label_at_least`` how many rows a
    category or an activity type needs to have a column or code of its own; ``known_rates`` the lead
    columns whose past conversion rate is a feature, and ``known_rates_latest`` over how many of the
    newest outcomes that rate is taken.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    windows_days: tuple[Days, ...] = (1, 7, 30, 90)
    label_at_least: int = Field(default=25, ge=1)
    known_rates: tuple[str, ...] = ()
    known_rates_latest: tuple[Annotated[int, Field(ge=1)], ...] = (500,)
    left_out: tuple[str, ...] = ()
