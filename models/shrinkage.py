"""Rates of many groups drawn toward the rate of all: the fewer leads a group has, the more."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.intervals import Z

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Prior:
    """What is known of a group before its own leads: ``rate``, as surely as if ``leads`` had told it."""

    rate: float
    leads: float

    def shrunk(self, won: Floats, leads: Floats) -> Floats:
        """Return each group's rate drawn toward the prior's: as if its leads were added to the group's."""
        return np.asarray((won + self.rate * self.leads) / np.maximum(leads + self.leads, 1e-12))

    def interval(self, won: Floats, leads: Floats, z: float = Z) -> tuple[Floats, Floats]:
        """Return the ends of what the rates may be: beta quantiles, as far out as ``z`` errors."""
        from scipy.special import betaincinv, ndtr

        hits, misses = won + self.rate * self.leads, leads - won + (1 - self.rate) * self.leads
        tail = float(ndtr(-z))
        some, others = np.maximum(hits, 1e-9), np.maximum(misses, 1e-9)
        return betaincinv(some, others, tail), betaincinv(some, others, 1 - tail)


def fit_prior(won: Floats, leads: Floats, rate: float) -> Prior:
    """Return the prior that fits how far the groups' rates lie apart beyond chance.

    The groups' rates are taken to have a beta distribution around ``rate``. With p the rate, n the leads of
    a group, N those of all k groups, and S the sum of n * (share - p)^2, the part of the variance that lies
    between groups is g = (S / (p * (1 - p)) - (k - 1)) / (N - sum(n^2) / N - (k - 1)), and the prior weighs
    1 / g - 1 leads. It never weighs more than all leads: that groups lie no further apart than chance does
    not prove them alike.

    Source: Kleinman, Proportions with extraneous variance: single and independent samples, 1973; empirical
    Bayes as in Efron and Morris, Data analysis using Stein's estimator and its generalizations, 1975.
    """
    some = leads > 0
    won, leads = won[some], leads[some]
    total, groups = float(leads.sum()), len(leads)
    room = total - float((leads**2).sum()) / max(total, 1e-9) - (groups - 1)
    if room <= 0 or not 0 < rate < 1:
        return Prior(rate, total)
    apart = float((leads * (won / leads - rate) ** 2).sum()) / (rate * (1 - rate))
    between = (apart - (groups - 1)) / room
    weight = total if between <= 0 else 1 / min(between, 1.0) - 1
    return Prior(rate, min(weight, total))
