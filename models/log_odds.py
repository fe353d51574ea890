"""Between probabilities and log-odds."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


def probability_of(log_odds: ArrayLike) -> NDArray[np.float64]:
    """Return ``1 / (1 + exp(-x))``.

    >>> probability_of([0.0, -800.0]).tolist()
    [0.5, 0.0]
    """
    odds = np.exp(-np.minimum(np.abs(np.asarray(log_odds, np.float64)), 745.0))
    return np.asarray(np.where(np.asarray(log_odds) >= 0, 1.0, odds) / (1.0 + odds))


def log_odds_of(probability: ArrayLike) -> NDArray[np.float64]:
    """Return ``log(p / (1 - p))``, with p kept a billionth away from 0 and 1."""
    kept = np.clip(np.asarray(probability, np.float64), 1e-9, 1 - 1e-9)
    return np.asarray(np.log(kept) - np.log1p(-kept))
