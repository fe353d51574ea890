"""Two shapes that the laws of the sample world take."""

from __future__ import annotations

import numpy as np

from pipeline.sample_crm.arrays import Floats


def sigmoid(log_odds: Floats) -> Floats:
    """Return the probability of these log-odds, without overflow."""
    return np.asarray(0.5 * (1 + np.tanh(log_odds / 2)))


def long_tail(levels: int, fall: float) -> Floats:
    """Return Zipf's shares of ``levels`` levels, proportional to rank ** -fall."""
    shares = np.arange(1, levels + 1, dtype=np.float64) ** -fall
    return np.asarray(shares / shares.sum())
