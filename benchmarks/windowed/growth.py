"""How Baton's time grows with the number of leads."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.windowed.engines import BATON
from benchmarks.windowed.measured import Taken, measure, typical
from benchmarks.windowed.tables import tables


def growth(home: Path, sizes: Sequence[tuple[int, int]], repeat: int) -> list[Taken]:
    """Return what Baton takes for so many leads and activities, one snapshot a lead, sizes in turn."""
    made = [tables(home, leads, activities, 1) for leads, activities in sizes]
    rounds = [[measure(BATON, one) for one in made] for _ in range(repeat)]
    return [typical(runs) for runs in zip(*rounds, strict=True)]


def deviation(leads: Sequence[int], seconds: Sequence[float]) -> float:
    """Return how far the times lie from the nearest straight line, at most, as a share of the line.

    The line may begin above zero, as some time is needed however few leads there are. It is near in shares
    and not in seconds, so that small sizes count as much as large ones.
    """
    size, taken = np.array(leads, float), np.array(seconds, float)
    design = np.stack([1 / taken, size / taken], axis=1)
    (start, slope), *_ = np.linalg.lstsq(design, np.ones(len(size)), rcond=None)
    line = start + slope * size
    return float(np.max(np.abs(taken - line) / line))
