"""Of the leads that were given a probability, how many converted, band by band."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from models.look_rates import rate_of_looks
from models.metrics import Floats
from models.paired import Interval
from models.window import Window

ENDS: Final = (0.0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
"""Where bands of probability begin and end. Below one tenth, where most leads are, they are narrower."""


@dataclass(frozen=True)
class Band:
    """Looks that were given a probability from ``begin`` to below ``end``, and what came true.

    ``said`` was said on average. ``leads`` were looked at ``looks`` times; a lead may be in several bands.
    """

    begin: float
    end: float
    leads: int
    looks: int
    said: float
    rate: Interval

    @property
    def off(self) -> bool:
        """Whether what was said lies outside the interval of what came true."""
        return not self.rate.low <= self.said <= self.rate.high


def calibration_bands(window: Window) -> list[Band]:
    """Return the bands in which there are leads, from the lowest probability to the highest."""
    return list(_bands(window, window.own))


def _bands(window: Window, said: Floats) -> Iterator[Band]:
    place = np.clip(np.searchsorted(ENDS, said, side="right") - 1, 0, len(ENDS) - 2)
    for number in np.unique(place).tolist():
        here = window[place == number]
        yield Band(
            begin=ENDS[number],
            end=ENDS[number + 1],
            leads=here.leads,
            looks=len(here),
            said=float(np.average(here.own, weights=here.weight)),
            rate=rate_of_looks(here.label, here.weight, here.lead),
        )
