"""Runs one engine in this process and prints what it took; `measure` starts it in a process of its own.

    python -m benchmarks.windowed.child ENGINE FOLDER SNAPSHOTS_A_LEAD [FILE_FOR_VALUES]

Imports are done before the clock starts.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from benchmarks.windowed.engines import ENGINES
from benchmarks.windowed.task import COLUMNS, Tables, Values


def main() -> None:
    """Run the engine; the last line is one JSON object."""
    name, folder, a_lead, *file = sys.argv[1:]
    tables = Tables(Path(folder), int(a_lead))
    engine = ENGINES[name].load()
    keep = _into(Path(file[0]), tables) if file else _let_go
    began, cpu = time.perf_counter(), _cpu()
    engine(tables, keep)
    taken = {"seconds": time.perf_counter() - began, "cpu_seconds": _cpu() - cpu, "peak_mib": _peak_mib()}
    print(json.dumps(taken))


def _let_go(values: Callable[[], Values]) -> None:
    """Take a result that is complete in memory, and ask no more of it."""


def _into(path: Path, tables: Tables) -> Callable[[Callable[[], Values]], None]:
    shape = (pq.read_metadata(tables.snapshots).num_rows, len(COLUMNS))
    matrix = np.lib.format.open_memmap(path, mode="w+", dtype=np.float64, shape=shape)
    # What no engine hands over differs from everything.
    matrix[:] = -1.0

    def keep(values: Callable[[], Values]) -> None:
        rows, found = values()
        matrix[rows] = found

    return keep


def _cpu() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _peak_mib() -> float:
    """Return the most that this process, which has no others, held in memory."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:"))


if __name__ == "__main__":
    main()
