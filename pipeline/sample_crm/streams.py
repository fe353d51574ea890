"""Independent random streams by name, so that a new draw in one place shifts no draw in another."""

from __future__ import annotations

from collections.abc import Sequence
from zlib import crc32

import numpy as np

from pipeline.sample_crm.arrays import Codes, Floats, Texts


def stream(seed: int, name: str) -> np.random.Generator:
    """Return the generator of the stream ``name`` under ``seed``."""
    return np.random.default_rng([seed, crc32(name.encode())])


def draw_codes(rng: np.random.Generator, shares: Floats, row: Codes) -> Codes:
    """Draw one code for each entry of ``row``, by the shares in that row; ``shares`` is (rows, codes)."""
    bounds = np.cumsum(shares, axis=1)
    bounds = bounds / bounds[:, -1:] + np.arange(len(shares))[:, None]
    found = np.searchsorted(bounds.ravel(), row + rng.random(len(row)), side="right")
    return np.asarray((found - row * shares.shape[1]).clip(0, shares.shape[1] - 1))


def draw_texts(rng: np.random.Generator, values: Sequence[str], number: int) -> Texts:
    """Draw ``number`` of the values, all equally likely."""
    return np.array(values, dtype=object)[rng.integers(len(values), size=number)]
