"""A share of leads with the count that it comes from, and how sure it is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from models.intervals import rate_interval

FEW: Final = 20
"""Of fewer leads a share says next to nothing, and the pages say so."""


@dataclass(frozen=True)
class Rate:
    """``won`` of ``of`` leads."""

    won: int
    of: int

    @property
    def share(self) -> float | None:
        """The share, None of no leads."""
        return self.won / self.of if self.of else None

    @property
    def is_few(self) -> bool:
        """Whether there are too few leads to say much."""
        return self.of < FEW

    @cached_property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of the share (Wilson); 0 to 1 of no leads."""
        low, high = rate_interval(np.array([float(self.won)]), np.array([float(self.of)]))
        return float(low[0]), float(high[0])


@dataclass(frozen=True)
class Estimate:
    """A figure that is no plain share, with the ends of its 95 % interval and the leads that it rests on."""

    value: float | None
    low: float | None
    high: float | None
    of: int

    @property
    def is_few(self) -> bool:
        """Whether there are too few leads to say much."""
        return self.of < FEW


def shared_rate(won: float, leads: float) -> Estimate:
    """Return the share ``won`` of leads that are counted in parts, with its 95 % interval (Wilson)."""
    if leads <= 0:
        return Estimate(None, None, None, 0)
    low, high = rate_interval(np.array([won]), np.array([leads]))
    return Estimate(won / leads, float(low[0]), float(high[0]), round(leads))
