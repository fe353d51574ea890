"""42 windowed features, computed by Baton and by polars, pandas and DuckDB, side by side.

    python benchmarks/features.py --growth     # 1 M leads, 20 M activities: an hour or two on two cores
    python benchmarks/features.py --leads 100_000 --activities 2_000_000 --repeat 1

For each of six types of activity and for any: counts in windows of 1, 7, 30 and 90 days and ever, and the
days since the latest, all as of each snapshot.

All read the same Parquet files (see `windowed.task`): lead numbers as 32-bit integers, microseconds, types as
a dictionary, rows in order of time, so that each engine has to bring a lead's activities together by itself.
The clock stops when all values have been in memory: at once, or piece by piece where an engine computes so
(Baton, DuckDB, pandas; polars holds all groups until the end, even if its result is fetched in batches).
`baton_whole` keeps the pieces in one matrix. Each run has a process of its own and all cores. What is told is
the clock, the CPU time of all threads and the peak of resident memory; imports come before the clock starts.
Runs alternate, and figures are medians over the rounds. Then all values are compared: counts are equal, days
equal to the last rounding. The last line is one JSON object.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from tempfile import gettempdir
from typing import Any, Final

from benchmarks.windowed.engines import BATON, ENGINES
from benchmarks.windowed.growth import deviation, growth
from benchmarks.windowed.measured import Taken, differences, in_turn, ratios, typical
from benchmarks.windowed.tables import tables
from benchmarks.windowed.task import COLUMNS

# Scripts beside this one look here first for the package `features`: this says where it is.
__path__ = [str(Path(__file__).resolve().parents[1] / "features")]

GROWTH: Final = (0.25, 0.5, 1.0, 2.0, 4.0)
"""The sizes, in leads of ``--leads``, over which the growth of the time is told."""


def main() -> None:
    """Measure, compare, tell."""
    asked = _arguments()
    _require(asked.engines)
    found = {str(a_lead): _compared(asked, a_lead) for a_lead in asked.snapshots}
    figures: dict[str, Any] = {
        "benchmark": "features",
        "leads": asked.leads,
        "activities": asked.activities,
        "features": len(COLUMNS),
        "repeat": asked.repeat,
        "snapshots": found,
    }
    if asked.growth:
        figures["growth"] = _grown(asked)
    print(json.dumps(figures))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--leads", type=int, default=1_000_000)
    parser.add_argument("--activities", type=int, default=20_000_000)
    parser.add_argument("--snapshots", type=int, nargs="+", default=[1, 8], help="snapshots a lead")
    parser.add_argument("--repeat", type=int, default=3, help="rounds of all engines")
    parser.add_argument("--engines", nargs="+", choices=list(ENGINES), default=list(ENGINES))
    parser.add_argument("--growth", action="store_true", help="tell how Baton's time grows, too")
    parser.add_argument("--folder", type=Path, default=Path(gettempdir()) / "baton-windowed")
    return parser.parse_args()


def _require(engines: Sequence[str]) -> None:
    """End with what to install if a rival is not there."""
    missing = sorted({ENGINES[name].package for name in engines if not ENGINES[name].installed})
    if missing:
        sys.exit(f"{', '.join(missing)} is not installed: `pip install 'baton[bench]'`, or choose --engines")


def _compared(asked: argparse.Namespace, a_lead: int) -> Mapping[str, Any]:
    made = tables(asked.folder, asked.leads, asked.activities, a_lead)
    engines = [BATON, *(name for name in asked.engines if name != BATON)]
    print(f"\n{asked.leads:,} leads, {asked.activities:,} activities, {a_lead} snapshots a lead", flush=True)
    runs: dict[str, list[Taken]] = defaultdict(list)
    for name, taken in in_turn(engines, made, asked.repeat):
        runs[name].append(taken)
    different = differences(engines, made)
    _tell(runs, different)
    rivals = {name: ratios(runs[name], runs[BATON]) for name in engines if ENGINES[name].rival}
    return {
        "engines": {name: asdict(typical(taken)) for name, taken in runs.items()},
        "times_baton": rivals,
        "times_faster_than_the_fastest": min((one["seconds"] for one in rivals.values()), default=None),
        "times_less_memory_than_the_leanest": min((one["peak_mib"] for one in rivals.values()), default=None),
        "different_values": different,
    }


def _tell(runs: Mapping[str, Sequence[Taken]], different: Mapping[str, int]) -> None:
    print(f"{'':14} {'seconds':>9} {'':>6} {'CPU s':>9} {'':>6} {'peak MiB':>9} {'':>6}  values")
    for name, taken in runs.items():
        usual, times = typical(taken), ratios(taken, runs[BATON])
        print(
            f"{name:14} {usual.seconds:9.2f} {times['seconds']:5.1f}x {usual.cpu_seconds:9.2f}"
            f" {times['cpu_seconds']:5.1f}x {usual.peak_mib:9.0f} {times['peak_mib']:5.1f}x "
            f" {_said(different.get(name))}: {ENGINES[name].words}",
            flush=True,
        )


def _said(different: int | None) -> str:
    if different is None:
        return "-"
    return f"{different:,} DIFFER" if different else "equal"


def _grown(asked: argparse.Namespace) -> Mapping[str, Any]:
    sizes = [(round(asked.leads * times), round(asked.activities * times)) for times in GROWTH]
    found = growth(asked.folder, sizes, asked.repeat)
    print(f"\n{'leads':>10} {'seconds':>9} {'CPU s':>9} {'peak MiB':>9}   one snapshot a lead, Baton")
    for (leads, _), taken in zip(sizes, found, strict=True):
        print(f"{leads:10,} {taken.seconds:9.2f} {taken.cpu_seconds:9.2f} {taken.peak_mib:9.0f}")
    leads_of = [leads for leads, _ in sizes]
    off = {
        "seconds": deviation(leads_of, [one.seconds for one in found]),
        "cpu_seconds": deviation(leads_of, [one.cpu_seconds for one in found]),
    }
    print(f"off a straight line by at most {off['seconds']:.0%} (CPU time: {off['cpu_seconds']:.0%})")
    return {
        "sizes": [{"leads": leads, **asdict(one)} for leads, one in zip(leads_of, found, strict=True)],
        "off_a_straight_line": off,
    }


if __name__ == "__main__":
    main()
