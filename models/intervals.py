"""How sure a rate, a mean or an average over leads is: 95 % intervals."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Z: Final = 1.959964
"""Standard errors on either side of an estimate that hold 95 % of a normal distribution."""

RESAMPLES: Final = 400


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


def mean_intervals(
    value: Floats, weight: Floats, lead: NDArray[np.int64], seed: int
) -> tuple[Floats, Floats, Floats]:
    """Return the weighted mean of each column, and the ends of its interval.

    ``value`` has the shape (rows, columns). Leads are drawn again with replacement, with all their
    rows, and the same draw serves every column: differences between columns are as sure as can be.
    Source: Efron and Tibshirani, An Introduction to the Bootstrap, 1993.
    """
    _, number = np.unique(lead, return_inverse=True)
    order = np.argsort(number, kind="stable")
    starts = np.flatnonzero(np.diff(number[order], prepend=-1))
    sums = np.add.reduceat(value[order] * weight[order, np.newaxis], starts)
    weights = np.add.reduceat(weight[order], starts)
    draw, even = np.random.default_rng(seed), np.full(len(sums), 1 / len(sums))
    times = draw.multinomial(len(sums), even, RESAMPLES).astype(np.float64)
    means = (times @ sums) / (times @ weights)[:, np.newaxis]
    low, high = np.quantile(means, (0.025, 0.975), axis=0)
    return sums.sum(axis=0) / weights.sum(), low, high
