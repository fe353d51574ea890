"""What share of many groups of leads goes on within so many days, when for some it is too early to tell."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.intervals import rate_interval
from models.rate_differences import exact_interval

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class HorizonRates:
    """The rate of each group within the horizon.

    ``share`` goes on within it, NaN of no leads. ``effective`` is how many leads, each seen for the whole
    horizon, would tell as much: all of the group's where none is too young. ``median`` is the day by which
    half of those had gone on that do, NaN where none has.
    """

    share: Floats
    effective: Floats
    median: Floats

    @property
    def won(self) -> Floats:
        """How many of the effective leads go on."""
        return np.nan_to_num(self.share) * self.effective

    def interval(self) -> tuple[Floats, Floats]:
        """Return the ends of the 95 % intervals: Wilson's, of the effective leads."""
        return rate_interval(self.won, self.effective)

    def exact_interval(self, errors: float) -> tuple[Floats, Floats]:
        """Return the ends of intervals of so many standard errors that hold at least as often as they say."""
        return exact_interval(self.won, self.effective, errors)


def horizon_rates(went: Floats, left: Floats, leads: Floats) -> HorizonRates:
    """Return the rates of groups from day counts: a row a group, a column each day from 0 to the horizon.

    ``went`` counts the leads that went on on a day, ``left`` those that had been seen no longer than to it.
    All others of ``leads`` were seen to the end of the horizon, and did not go on in it.

    Sources: Kaplan and Meier, Nonparametric estimation from incomplete observations, 1958; the effective
    number is that of Dorey and Korn, Effective sample sizes for confidence intervals for survival
    probabilities, 1987: so many leads whose plain share has the same (Greenwood's) error. Where all or none
    went on there is no error, and only leads seen to the end count.
    """
    waiting = leads[:, None] - np.cumsum(went + left, axis=1) + went + left
    with np.errstate(divide="ignore", invalid="ignore"):
        stays = np.cumprod(1.0 - np.where(waiting > 0, went / waiting, 0.0), axis=1)
        error = np.where(waiting > went, went / (waiting * (waiting - went)), 0.0).sum(axis=1)
        still = stays[:, -1]
        effective = np.where(
            (still > 0) & (still < 1), (1 - still) / (still * error), leads - left.sum(axis=1)
        )
    share = np.where(leads > 0, 1.0 - still, np.nan)
    return HorizonRates(share, effective, _medians((1.0 - stays).astype(np.float64)))


def _medians(gone: Floats) -> Floats:
    reached = gone >= gone[:, -1:] / 2
    return np.where(gone[:, -1] > 0, reached.argmax(axis=1).astype(np.float64), np.nan)
