"""How well scores rank, as a function of the rows' weights alone: it can be asked again and again."""

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


def average_precision_of_weights(score: Floats, label: Labels) -> Callable[[Floats], float]:
    """Return what gives, for weights of the rows, the precision averaged over recall.

    NaN without a conversion. Rows of one score are taken together. The rows are sorted once.
    """
    _, place = np.unique(-score, return_inverse=True)

    def average_precision(weight: Floats) -> float:
        won, all_ = np.bincount(place, weight * label), np.bincount(place, weight)
        total, taken = won.sum(), np.maximum(np.cumsum(all_), 1e-300)
        return float(won @ (np.cumsum(won) / taken) / total) if total else float("nan")

    return average_precision
