"""Bounds and chances that allow for how few cases there are."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import Final

LEVEL: Final = 0.001
"""The chance of any false alarm of one kind of evidence that is accepted, over all that is examined."""


def z_of(level: float) -> float:
    """Return the standard normal deviate that is exceeded with probability ``level``."""
    return NormalDist().inv_cdf(1 - level)


def least_share(hits: float, total: float, level: float = 0.01) -> float:
    """Return the lower Wilson bound of a share; 0 of nothing.

    >>> round(least_share(20, 20), 2), least_share(0, 0)
    (0.79, 0.0)
    """
    if not total:
        return 0.0
    z, share = z_of(level), hits / total
    middle = share + z * z / (2 * total)
    spread = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    return max(0.0, (middle - spread) / (1 + z * z / total))


def chance_of(hits: float, total: float, expected: float) -> float:
    """Bound the chance of at least ``hits`` of ``total`` when each hits with probability ``expected``.

    Chernoff's bound ``exp(-total KL(hits / total || expected))``, which also holds when the
    probabilities differ and ``expected`` is their mean (Hoeffding 1963, theorem 1).

    >>> chance_of(10, 10, 0.5) == 0.5**10, chance_of(3, 10, 0.5)
    (True, 1.0)
    """
    share = hits / total if total else 0.0
    if share <= expected:
        return 1.0
    if expected <= 0:
        return 0.0
    distance = share * math.log(share / expected)
    if share < 1:
        distance += (1 - share) * math.log((1 - share) / (1 - expected))
    return math.exp(-total * distance)


def difference_z(hits: float, total: float, other_hits: float, other_total: float) -> float:
    """Return how many standard errors the first share lies above the second; 0 if either is of nothing."""
    if not total or not other_total:
        return 0.0
    pooled = (hits + other_hits) / (total + other_total)
    error = math.sqrt(pooled * (1 - pooled) * (1 / total + 1 / other_total))
    return (hits / total - other_hits / other_total) / error if error else 0.0
