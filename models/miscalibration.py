"""Whether probabilities mean what they say, told apart from what few leads do by chance."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from features.moments import Moments
from models.metrics import Floats, Labels
from models.paired import MISS, RESAMPLES

BINS: Final = 10


def error_of_weights(probability: Floats, label: Labels, weight: Floats) -> Callable[[Floats], float]:
    """Return what gives the calibration error (`models.metrics`) for weights of the rows.

    The bins are those of the weights at hand: drawn anew each time they would move with the chance that
    is to be measured.
    """
    place, miss = bin_of(probability, weight), probability - label

    def error(weights: Floats) -> float:
        return float(np.abs(np.bincount(place, weights * miss)).sum() / weights.sum())

    return error


def error_by_chance(probability: Floats, weight: Floats, lead: Moments, seed: int) -> float:
    """Return the calibration error that the same probabilities would stay below, were they all true.

    The 95 % quantile over made-up outcomes, which come true with just their probability. The snapshots of one
    lead come true together, which they nearly do, so the bound is a little high.
    """
    random = np.random.default_rng(seed)
    _, owner = np.unique(lead, return_inverse=True)
    place, total = bin_of(probability, weight), weight.sum()
    errors = []
    for _ in range(RESAMPLES):
        label = random.random(int(owner.max()) + 1)[owner] < probability
        errors.append(np.abs(np.bincount(place, weight * (probability - label))).sum() / total)
    return float(np.quantile(errors, 1 - MISS))


def bin_of(probability: Floats, weight: Floats) -> NDArray[np.intp]:
    """Return the bin of each row: tenths of the weight, rows of one probability staying together."""
    order = np.argsort(probability, kind="stable")
    passed = np.cumsum(weight[order])
    wanted = (np.linspace(0, 1, BINS + 1)[1:-1] - 1e-9) * passed[-1]
    return np.searchsorted(np.unique(probability[order][np.searchsorted(passed, wanted)]), probability)
