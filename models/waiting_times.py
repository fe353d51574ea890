"""How many leads go on, and how soon, when for some it is too early to tell."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.intervals import Z

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class WaitingTimes:
    """The share of leads that has gone on by each day.

    ``days`` are those at which a lead went on, rising; ``share`` what has gone on by then; ``error`` the
    standard error of the logarithm of its complement; ``leads`` how many were looked at.
    """

    days: Floats
    share: Floats
    error: Floats
    leads: int

    def at(self, day: float) -> tuple[float, float, float]:
        """Return the share that has gone on by a day, and its 95 % interval.

        Source of the interval: Kalbfleisch and Prentice, The statistical analysis of failure time data, 1980:
        the log-log transform, whose ends are between 0 and 1.
        """
        place = int(np.searchsorted(self.days, day, side="right")) - 1
        if place < 0:
            return 0.0, 0.0, 0.0
        gone = float(self.share[place])
        stays = 1.0 - gone
        if not 0.0 < stays < 1.0:
            return gone, gone, gone
        half = Z * float(self.error[place]) / abs(np.log(stays))
        return gone, float(1 - stays ** np.exp(-half)), float(1 - stays ** np.exp(half))

    def quantile(self, part: float, within: float) -> float | None:
        """Return the day by which so large a part has gone on of those that do within so many days."""
        last = int(np.searchsorted(self.days, within, side="right"))
        if not last:
            return None
        wanted = part * float(self.share[last - 1])
        return float(self.days[int(np.searchsorted(self.share[:last], wanted, side="left"))])


def waiting_times(waited: Floats, went_on: NDArray[np.bool_]) -> WaitingTimes:
    """Return when leads go on.

    ``waited`` are the days from the stage before until the lead went on or, where it did not, until today; a
    lead that can go on no more waits like any other of its age, as until when it could have gone on is known
    (Fine and Gray, A proportional hazards model for the subdistribution of a competing risk, 1999). So a lead
    counts for as long as it has been under way, and neither as gone on nor as staying.

    Source: Kaplan and Meier, Nonparametric estimation from incomplete observations, 1958; the error
    is that of Greenwood, 1926.
    """
    days, place = np.unique(waited[went_on], return_inverse=True)
    gone = np.bincount(place, minlength=len(days)).astype(np.float64)
    waiting = len(waited) - np.searchsorted(np.sort(waited), days, side="left")
    stays = np.cumprod(1.0 - gone / waiting)
    with np.errstate(divide="ignore", invalid="ignore"):
        error = np.sqrt(np.cumsum(gone / (waiting * (waiting - gone))))
    share = (1.0 - stays).astype(np.float64)
    return WaitingTimes(days, share, error.astype(np.float64), len(waited))
