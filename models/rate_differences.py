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


def exact_interval(won: Floats, leads: Floats, errors: float) -> tuple[Floats, Floats]:
    """Return the ends of rates that hold at least as often as so many standard errors on either side say.

    Where one looks at many, Wilson's interval does not: of 60 groups of 20 to 60 leads and a rate of 5 %, one
    would seem to differ 18 times in 100, and not at most 5.

    Sources: Clopper and Pearson, The use of confidence or fiducial limits illustrated in the case of the
    binomial, 1934; for leads that need not be whole, Korn and Graubard, Confidence intervals for proportions
    with small expected number of positive counts estimated from survey data, 1998.
    """
    from scipy.special import betaincinv, ndtr

    tail, lost = float(ndtr(-errors)), np.maximum(leads - won, 0.0)
    low = np.where(won > 0, betaincinv(np.maximum(won, 1e-9), lost + 1, tail), 0.0)
    high = np.where(lost > 0, betaincinv(won + 1, np.maximum(lost, 1e-9), 1 - tail), 1.0)
    return low, high


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
