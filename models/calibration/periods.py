"""How much periods differ, of which there are few."""

from __future__ import annotations

from typing import Final

import numpy as np

from models.calibration.form import Floats

USUAL: Final = 0.1
"""The median standard deviation between periods that is expected, in log-odds, before any was seen."""

STANDARD_DEVIATIONS: Final = np.linspace(0.0, 3.0, 601)


def variance_between(shift: Floats, chance: Floats) -> float:
    """Return the variance between periods of which each shifted by so much, as far as chance let one see.

    ``chance`` are the variances of the shifts over leads. Estimates of the usual kind are 0 half the time
    with four folds, even where periods differ, and intervals that trust them hold too seldom. So this is the
    mean over what is plausible: a half-Cauchy prior, which a few folds can overrule either way.
    Source: Gelman, Prior distributions for variance parameters in hierarchical models, 2006.

    >>> shift, exact = np.array([0.2, -0.2, 0.1, -0.1]), np.full(4, 0.05**2)
    >>> round(variance_between(shift, exact) ** 0.5, 2), round(variance_between(0 * shift, exact) ** 0.5, 2)
    (0.23, 0.04)
    """
    tried = STANDARD_DEVIATIONS[:, np.newaxis]
    total = chance + tried**2
    sure = 1 / total
    common = (sure * shift).sum(axis=1, keepdims=True) / sure.sum(axis=1, keepdims=True)
    fit = -0.5 * (np.log(total) + sure * (shift - common) ** 2).sum(axis=1) - 0.5 * np.log(sure.sum(axis=1))
    plausible = np.exp(fit - fit.max()) / (1 + (STANDARD_DEVIATIONS / USUAL) ** 2)
    return float(plausible @ STANDARD_DEVIATIONS**2 / plausible.sum())
