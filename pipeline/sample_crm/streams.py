"""Independent random streams by name, so that a new draw in one place shifts no draw in another."""

from __future__ import annotations

from zlib import crc32

import numpy as np


def stream(seed: int, name: str) -> np.random.Generator:
    """Return the generator of the stream ``name`` under ``seed``."""
    return np.random.default_rng([seed, crc32(name.encode())])
