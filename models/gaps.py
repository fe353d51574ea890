"""Times for which no outcome is on record, so that nothing can be learned from who came then."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from features.moments import Moments

Gaps = tuple[tuple[int, int], ...]
"""From each first moment until before the second, in microseconds since 1970 UTC."""


def in_gaps(moments: Moments, gaps: Gaps) -> NDArray[np.bool_]:
    """Tell which moments lie in a gap."""
    inside = np.zeros(len(moments), bool)
    for since, until in gaps:
        inside |= (moments >= since) & (moments < until)
    return inside
