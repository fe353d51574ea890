"""Which features had values in the test that nothing had been learned of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.training_rows import TrainingRows


@dataclass(frozen=True)
class Unseen:
    """The share of the leads' weight whose value of a feature did not occur before."""

    feature: str
    share: float


def unseen_values(earlier: TrainingRows, later: TrainingRows, at_least: float) -> list[Unseen]:
    """Return the categorical features with at least such a share of unseen values, the largest first."""
    found = [
        Unseen(name, _share(earlier.matrix[:, column], later.matrix[:, column], later.weight))
        for column, name in enumerate(later.names)
        if name in later.categorical
    ]
    return sorted((one for one in found if one.share >= at_least), key=lambda one: (-one.share, one.feature))


def _share(earlier: NDArray[np.float64], later: NDArray[np.float64], weight: NDArray[np.float64]) -> float:
    known = np.isnan(later) | np.isin(later, earlier)
    return float(weight[~known].sum() / weight.sum())
