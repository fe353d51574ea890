"""Between which rates leads of a score convert in a later period."""

from __future__ import annotations

from functools import cached_property
from itertools import pairwise
from typing import Final, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, model_validator

from models.calibration.broken_line import BrokenLine
from models.calibration.form import Floats, Number
from models.log_odds import probability_of

LEVEL: Final = 0.9
"""How often the interval is to hold the rate."""


class RateInterval(BaseModel):
    """The ends of the interval as functions of the calibrated score, all in log-odds.

    It is one for the share of leads given about such a score in a later period that reach the target in
    time. What will become of one lead no interval can tell: it converts or it does not. ``low`` and
    ``high`` belong to ``score``; between them the ends follow straight lines.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    level: Number
    score: tuple[Number, ...]
    low: tuple[Number, ...]
    high: tuple[Number, ...]

    @model_validator(mode="after")
    def _hold(self) -> Self:
        if not len(self.score) == len(self.low) == len(self.high) > 0:
            raise ValueError("an interval has two ends for each score, and at least one score")
        if any(after <= before for before, after in pairwise(self.score)):
            raise ValueError("an interval's scores rise")
        if any(not low <= at <= high for low, at, high in zip(self.low, self.score, self.high, strict=True)):
            raise ValueError("an interval holds its score")
        return self

    @cached_property
    def _lines(self) -> tuple[BrokenLine, BrokenLine]:
        return BrokenLine.through(self.score, self.low), BrokenLine.through(self.score, self.high)

    def ends(self, log_odds: Floats) -> tuple[Floats, Floats]:
        """Return the lower and the upper end for calibrated scores, as probabilities.

        Each lies on its side of the probability, or is it.
        """
        low, high = (line(log_odds) for line in self._lines)
        ends = np.minimum(low, log_odds), np.maximum(high, log_odds)
        return probability_of(ends[0]), probability_of(ends[1])
