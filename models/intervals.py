"""How sure a rate, a ratio or a mean of leads is, by formula; what has none is left to `models.paired`."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Z: Final = 1.959964
"""Standard errors on either side of an estimate that hold 95 % of a normal distribution."""


def rate_interval(won: Floats, leads: Floats) -> tuple[Floats, Floats]:
    """Return the lower and upper ends of rates: each is 0 to 1 where there are no leads.

    Source: Wilson, Probable inference, the law of succession, and statistical inference, 1927. It
    holds for small numbers too, where the usual formula gives intervals without width.
    """
    some = np.maximum(leads, 1e-12)
    rate = won / some
    middle = (won + Z**2 / 2) / (leads + Z**2)
    half = Z * np.sqrt(leads * np.maximum(rate * (1 - rate), 0) + Z**2 / 4) / (leads + Z**2)
    return np.maximum(middle - half, 0.0), np.minimum(middle + half, 1.0)


def means_by_group(
    value: Floats, weight: Floats, group: NDArray[np.intp], lead: NDArray[np.int64], groups: int
) -> tuple[Floats, Floats]:
    """Return the weighted mean of each group and its standard error; NaN where too few leads tell.

    Rows of one lead say the same thing several times: they count as one observation (the sandwich
    estimator for clusters of Liang and Zeger, Longitudinal data analysis using generalized linear
    models, 1986). ``lead`` tells which rows are of one lead, ``group`` numbers the groups from 0.
    """
    total = np.bincount(group, weight, groups)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.bincount(group, weight * value, groups) / total
        cell, place = np.unique(lead * groups + group, return_inverse=True)
        strayed = np.bincount(place, weight * (value - mean[group]), len(cell))
        leads = np.bincount(cell % groups, minlength=groups)
        spread = (
            np.bincount(cell % groups, strayed**2, groups) * leads / np.where(leads > 1, leads - 1, np.nan)
        )
        return mean, np.sqrt(spread) / total


def ratio_interval(won: float, leads: float, won_other: float, leads_other: float) -> tuple[float, float]:
    """Return the lower and upper ends of the ratio of two rates of different leads.

    The logarithm of the ratio is taken to be normal (Katz et al., Obtaining confidence intervals for the risk
    ratio in cohort studies, 1978), with half a lead added to each count, so that nobody is a count too
    (Walter, The distribution of Levin's measure of attributable risk, 1975).
    """
    some, others = won + 0.5, won_other + 0.5
    ratio = (some / (leads + 0.5)) / (others / (leads_other + 0.5))
    error = np.sqrt(1 / some - 1 / (leads + 0.5) + 1 / others - 1 / (leads_other + 0.5))
    return float(ratio * np.exp(-Z * error)), float(ratio * np.exp(Z * error))
