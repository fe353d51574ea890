"""What a data scientist sets about features: the section ``features`` of params.yaml."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from features.moments import DAY
from features.timeline import LONGEST_WINDOW

HALF_LIVES: Final = 6
"""An activity counts half for each half-life that has passed, and not at all after so many of them."""

Days = Annotated[float, Field(ge=0.001, le=LONGEST_WINDOW / DAY)]
HalfLife = Annotated[float, Field(ge=0.001, le=LONGEST_WINDOW / DAY / HALF_LIVES)]


class FeatureSettings(BaseModel):
    """Which windows to look through and what counts as common.

    ``windows_days`` are the windows of counts, two years at most; ``half_lives_days`` how soon activities
    fade; ``label_at_least`` how many rows a
    category or an activity type needs to have a column or code of its own; ``known_rates`` the lead
    columns whose past conversion rate is a feature, and ``known_rates_latest`` over how many of the
    newest outcomes that rate is taken.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    windows_days: tuple[Days, ...] = (1.0, 7.0, 30.0, 90.0)
    label_at_least: int = Field(default=25, ge=1)
    half_lives_days: tuple[HalfLife, ...] = (7.0,)
    known_rates: tuple[str, ...] = ()
    known_rates_latest: tuple[Annotated[int, Field(ge=1)], ...] = (500,)
    left_out: tuple[str, ...] = ()
