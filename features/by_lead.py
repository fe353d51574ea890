"""Putting events in the order of their leads."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

DIGIT: Final = 16
"""Bits that NumPy's stable sort takes in one go: it sorts integers of 16 bits by counting."""


def by_lead(lead: NDArray[np.integer]) -> NDArray[np.intp]:
    """Return what sorts events by lead, a position from 0 on; those of one lead stay in their order.

    One pass for each 16 bits of the greatest position: several times as fast as to compare positions.

    >>> by_lead(np.array([2, 0, 2, 1])).tolist()
    [1, 3, 0, 2]
    """
    order = np.argsort(lead.astype(np.uint16), kind="stable")
    for shift in range(DIGIT, int(lead.max(initial=0)).bit_length(), DIGIT):
        digit = (lead >> shift).astype(np.uint16)
        order = order.take(np.argsort(digit.take(order), kind="stable"))
    return order
