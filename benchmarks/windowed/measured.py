"""Engines measured side by side, each run in a process of its own, and their results compared."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np

from benchmarks.windowed.engines import BATON
from benchmarks.windowed.task import COLUMNS, Tables
from pipeline.parts.workers import MEMORY_KEPT

ROOT: Final = Path(__file__).resolve().parents[2]
ROWS_AT_ONCE: Final = 2**18
ROUNDING: Final = 1e-15
"""Days may differ in the last bit: polars multiplies where others divide. Whole counts may not."""


@dataclass(frozen=True)
class Taken:
    """What a run took: seconds by the clock and of all cores together, and the most memory."""

    seconds: float
    cpu_seconds: float
    peak_mib: float


def measure(engine: str, tables: Tables, values: Path | None = None) -> Taken:
    """Run an engine; ``values`` is a file to write its result to, which takes time of its own."""
    words = [engine, str(tables.folder), str(tables.a_lead), *([str(values)] if values else [])]
    # Not with the folder of the benchmarks in the path: its features.py hides the package.
    command = [sys.executable, "-m", "benchmarks.windowed.child", *words]
    environment = {**os.environ, **MEMORY_KEPT}
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return Taken(**json.loads(done.stdout.splitlines()[-1]))


def in_turn(engines: Sequence[str], tables: Tables, repeat: int) -> Iterator[tuple[str, Taken]]:
    """Run all engines one after the other, and that so many times, so that other load hits all alike."""
    for _ in range(repeat):
        for engine in engines:
            yield engine, measure(engine, tables)


def typical(runs: Sequence[Taken]) -> Taken:
    """Return the medians."""
    return Taken(
        median(run.seconds for run in runs),
        median(run.cpu_seconds for run in runs),
        median(run.peak_mib for run in runs),
    )


def ratios(rival: Sequence[Taken], baton: Sequence[Taken]) -> Mapping[str, float]:
    """Return how many times as much a rival took, as the median over the rounds."""
    pairs = list(zip(rival, baton, strict=True))
    return {
        "seconds": median(one.seconds / ours.seconds for one, ours in pairs),
        "cpu_seconds": median(one.cpu_seconds / ours.cpu_seconds for one, ours in pairs),
        "peak_mib": median(one.peak_mib / ours.peak_mib for one, ours in pairs),
    }


def differences(engines: Sequence[str], tables: Tables) -> Mapping[str, int]:
    """Return for each rival in how many of all values it differs from Baton."""
    with TemporaryDirectory(dir=tables.folder) as place:
        ours = _values(BATON, tables, Path(place))
        return {
            engine: _different(ours, _values(engine, tables, Path(place)))
            for engine in engines
            if engine != BATON
        }


def _values(engine: str, tables: Tables, folder: Path) -> Path:
    # A rival's file takes the place of the one before.
    path = folder / ("baton.npy" if engine == BATON else "rival.npy")
    measure(engine, tables, path)
    return path


def _different(ours: Path, theirs: Path) -> int:
    left, right = (np.load(path, mmap_mode="r") for path in (ours, theirs))
    if left.shape != right.shape or left.shape[1] != len(COLUMNS):
        raise SystemExit(f"{len(COLUMNS)} columns were asked for, found {left.shape} and {right.shape}")
    found = 0
    for first in range(0, len(left), ROWS_AT_ONCE):
        one, other = left[first : first + ROWS_AT_ONCE], right[first : first + ROWS_AT_ONCE]
        same = (np.abs(one - other) <= ROUNDING * np.abs(one)) | (np.isnan(one) & np.isnan(other))
        found += int((~same).sum())
    return found
