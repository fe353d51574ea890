"""How far off the scores of a later period are, of which few have been seen."""

from __future__ import annotations

from typing import Final

import numpy as np

from models.calibration.form import Floats

USUAL: Final = 0.1
"""Standard deviations of a period's shift below it are thought alike before any was seen, in log-odds."""

STANDARD_DEVIATIONS: Final = np.linspace(0.0, 5.0, 1001)


def next_shift(shift: Floats, chance: Floats, level: float) -> float:
    """Return how far a later period is shifted at most, up or down, at a level; of some that were seen.

    ``chance`` are the variances of the seen shifts over leads. They are counted from 0, not from their
    mean: a model whose scores were too high on each fold was wrong on each. The usual estimate of how
    periods differ is 0 half the time with four folds, and intervals that trust it hold too seldom. So this
    is the mean over all standard deviations that are plausible, by a prior that is level up to `USUAL` and
    falls as one over them beyond: of periods that lie far apart the result is that of Student's t.
    Source: Gelman, Prior distributions for variance parameters in hierarchical models, 2006.

    >>> exact = np.full(4, 0.05**2)
    >>> round(next_shift(np.array([0.4, -0.4, 0.2, -0.2]), exact, 0.9), 1)
    0.7
    >>> round(next_shift(np.zeros(4), exact, 0.9), 2)
    0.05
    """
    from scipy.special import erf

    total = chance + STANDARD_DEVIATIONS[:, np.newaxis] ** 2
    fit = -0.5 * (np.log(total) + shift**2 / total).sum(axis=1)
    plausible = np.exp(fit - fit.max()) / (1 + STANDARD_DEVIATIONS / USUAL)
    bounds = STANDARD_DEVIATIONS[1:]
    inside = erf(bounds / np.maximum(STANDARD_DEVIATIONS, 1e-12)[:, np.newaxis] / np.sqrt(2))
    return float(np.interp(level, plausible @ inside / plausible.sum(), bounds))
