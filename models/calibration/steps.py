"""A calibration that was found as steps, walked along as a slope so that no two scores become one."""

from __future__ import annotations

from functools import cached_property
from itertools import pairwise
from typing import Self

import numpy as np
from pydantic import model_validator
from typing_extensions import override

from models.calibration.broken_line import BrokenLine
from models.calibration.form import Floats, Form, Number
from models.log_odds import log_odds_of

SAME = 1e-9
"""Two log-odds no further apart are one step."""


class Steps(Form):
    """Straight lines between the centres of steps, in log-odds on both sides.

    A step function ties all leads on a step, and a hand-off by capacity could not part them. Between the
    centres of two steps the lines rise evenly, and beyond the outermost ones they rise as the raw score
    does: there is nothing to say that it is wrong there. ``raw`` are the centres in raw log-odds,
    ``calibrated`` what they mean; both rise strictly.
    """

    raw: tuple[Number, ...]
    calibrated: tuple[Number, ...]

    @model_validator(mode="after")
    def _rise(self) -> Self:
        if not self.raw or len(self.raw) != len(self.calibrated):
            raise ValueError("a calibration has as many values as centres, and at least one")
        for side in (self.raw, self.calibrated):
            if any(after <= before for before, after in pairwise(side)):
                raise ValueError("a calibration rises from each centre to the next")
        return self

    @cached_property
    def _line(self) -> BrokenLine:
        return BrokenLine.through(self.raw, self.calibrated)

    @override
    def log_odds(self, raw: Floats) -> Floats:
        return self._line(raw)


def centres(raw: Floats, probability: Floats, weight: Floats) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return the centre of each step in raw log-odds, and its calibrated log-odds.

    ``probability`` does not fall as ``raw`` rises. It is kept half a lead away from 0 and 1: that many
    leads cannot tell a rare outcome from one that never happens.
    """
    least = 0.5 / max(float(weight.sum()), 1.0)
    told = log_odds_of(np.clip(probability, least, 1 - least))
    first = np.flatnonzero(np.diff(told, prepend=-np.inf) > SAME)
    total = np.add.reduceat(weight, first)
    return tuple((np.add.reduceat(weight * raw, first) / total).tolist()), tuple(told[first].tolist())
