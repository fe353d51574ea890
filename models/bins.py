"""Cutting the values of a feature into bins, each read as a value of its own."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bins = NDArray[np.intp]


def signed_log(values: Floats) -> Floats:
    """Return ``sign(x) log(1 + |x|)``: long tails become short, and nothing changes its order.

    >>> signed_log(np.array([0.0, -1.0])).tolist() == [0.0, -np.log(2.0)]
    True
    """
    return np.asarray(np.sign(values) * np.log1p(np.abs(values)))


def number_edges(values: Floats, bins: int) -> Floats:
    """Return the quantiles that cut the known values into so many bins, fewer where many are alike.

    >>> number_edges(np.array([1.0, 2.0, 3.0, 4.0, np.nan]), 2).tolist()
    [2.5]
    """
    known = values[~np.isnan(values)]
    return np.unique(np.quantile(known, np.linspace(0, 1, bins + 1)[1:-1])) if len(known) else np.empty(0)


def number_bins(values: Floats, edges: Floats) -> Bins:
    """Return the bin of each number: 0 if it is missing, else 1 and one more for each edge it has reached.

    >>> number_bins(np.array([np.nan, 0.0, 2.5]), np.array([2.5])).tolist()
    [0, 1, 2]
    """
    return np.where(np.isnan(values), 0, 1 + np.searchsorted(edges, values, side="right"))


def code_bins(values: Floats) -> Bins:
    """Return the bin of each code of a category: 0 if it is missing, else the code and one.

    >>> code_bins(np.array([np.nan, 0.0, 3.0])).tolist()
    [0, 1, 4]
    """
    return np.where(np.isnan(values), 0, 1 + np.nan_to_num(values)).astype(np.intp)
