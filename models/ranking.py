"""AUC as a function of the rows' weights alone, so that it can be asked again and again."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from models.metrics import Floats, Labels


def auc_of_weights(score: Floats, label: Labels) -> Callable[[Floats], float]:
    """Return what gives, for weights of the rows, how probably a conversion is ranked above another lead.

    A tie counts half; NaN without a pair. The rows are sorted once.
    """
    _, place = np.unique(score, return_inverse=True)

    def auc(weight: Floats) -> float:
        won, lost = np.bincount(place, weight * label), np.bincount(place, weight * ~label)
        pairs = won.sum() * lost.sum()
        return float(won @ (np.cumsum(lost) - lost / 2) / pairs) if pairs else float("nan")

    return auc
