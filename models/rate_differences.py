"""How far rates of different leads lie apart, and how sure that is when one has looked at many."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def errors_for(looks: int, sure: float = 0.95) -> float:
    """Return how many standard errors on either side hold so many intervals at once, all of them.

    Source: Bonferroni, as in Dunn, Multiple comparisons among means, 1961. Holm's test would tell a few more
    differences from chance, but has no intervals that hold together.

    >>> round(errors_for(1), 2), round(errors_for(100), 2)
    (1.96, 3.48)
    """
    return NormalDist().inv_cdf(1 - (1 - sure) / (2 * max(looks, 1)))


def difference_interval(
    one: Floats, one_ends: tuple[Floats, Floats], other: Floats, other_ends: tuple[Floats, Floats]
) -> tuple[Floats, Floats]:
    """Return the ends of ``one - other`` from the ends of each; the two are of different leads.

    Sources: Newcombe, Interval estimation for the difference between independent proportions, 1998 (its
    method 10); and for other ends than Wilson's, Zou and Donner, Construction of confidence limits about
    effect measures, 2008. It holds for small numbers, and where nobody or everybody went on.
    """
    gap = one - other
    low = gap - np.hypot(one - one_ends[0], other_ends[1] - other)
    high = gap + np.hypot(one_ends[1] - one, other - other_ends[0])
    return low, high
