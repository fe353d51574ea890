"""The arrays that the sample world is made of."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Texts = NDArray[Any]

Codes = NDArray[np.int64]
"""Positions, in a picklist or among the leads; -1 is none."""

Times = NDArray[np.int64]
"""Whole milliseconds since the epoch, UTC; `clock.NEVER` is never."""
