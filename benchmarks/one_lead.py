"""One lead with 50 activities: from the request's values to all features, in one process.

    python benchmarks/one_lead.py

The features are those of a small sample CRM, after its checks and its audit. The rival, polars or pandas,
computes only those that count activities by type and window, and is held to the same values. Calls are of
different leads; engines take turns of 100 calls, so that other load hits both alike. The garbage collector is
set as in the service. Told are the median and the 99th percentile of a call, by the clock and by CPU time, in
milliseconds. The last line is one JSON object.
"""

from __future__ import annotations

import argparse
import gc
import json
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks.projects import sample_project
from benchmarks.single_lead.leads import leads_with
from benchmarks.single_lead.rivals import by_pandas, by_polars, counts_of
from features.feature_set import FeatureSet
from features.from_history import records_from_history
from features.from_inputs import records_from_inputs
from features.lead_input import LeadInput
from features.reference import Reference
from pipeline.checked_tables import CheckedTables
from pipeline.store import read_history
from pipeline.training import read_features, read_reference
from serving.garbage import freeze

Engine = Callable[[LeadInput], Any]
TURN: Final = 100
"""Calls of one engine before the next has its turn."""


def main() -> None:
    """Prepare a project and leads, time the calls, tell."""
    asked = _arguments()
    if asked.rival == "polars" and find_spec("polars") is None:
        sys.exit("polars is not installed: `pip install 'baton[bench]'`, or choose --rival pandas")
    with tempfile.TemporaryDirectory() as folder:
        project = sample_project(Path(folder) / "project", asked.leads)
        features, reference = read_features(project), read_reference(project)
        records = records_from_history(read_history(project.tables))
        now = CheckedTables(project.tables).now
    leads = list(leads_with(records, asked.activities, asked.calls, now, seed=7))
    counts = counts_of(features)
    rival = {"polars": by_polars, "pandas": by_pandas}[asked.rival]
    engines: dict[str, Engine] = {
        "baton": _baton(features, reference),
        asked.rival: rival(counts, features.profile.unused_activity_types),
    }
    _require_equal(engines, leads, [one.column for one in counts], asked.rival)
    taken = _timed(engines, leads)
    figures = {name: _figures(seconds) for name, seconds in taken.items()}
    _tell(figures, {"baton": len(features.names), asked.rival: len(counts)})
    ratio = figures[asked.rival]["median_ms"] / figures["baton"]["median_ms"]
    told = {"features": len(features.names), "rival_features": len(counts), "engines": figures}
    print(json.dumps({"benchmark": "one_lead", "activities": asked.activities, **told, "times_baton": ratio}))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--leads", type=int, default=4_000, help="leads of the sample CRM")
    parser.add_argument("--activities", type=int, default=50, help="activities of each lead that is timed")
    parser.add_argument("--calls", type=int, default=5_000)
    parser.add_argument("--rival", choices=["polars", "pandas"], default="polars")
    return parser.parse_args()


def _baton(features: FeatureSet, reference: Reference) -> Engine:
    """Return what the scorer does with a lead before it asks the trees."""

    def compute(lead: LeadInput) -> Any:  # noqa: ANN401 - each engine has its own result
        return features.matrix(*records_from_inputs([lead], features.profile.absent), reference)

    return compute


def _require_equal(
    engines: Mapping[str, Engine], leads: Sequence[LeadInput], columns: Sequence[int], rival: str
) -> None:
    for lead in leads:
        ours, theirs = engines["baton"](lead)[0, columns], np.array(engines[rival](lead), float)
        if not np.array_equal(ours, theirs):
            sys.exit(f"{rival} and Baton differ for lead {lead.lead_id}: {theirs} and {ours}")


def _timed(engines: Mapping[str, Engine], leads: Sequence[LeadInput]) -> Mapping[str, Any]:
    """Return the seconds of each call, by the clock and of CPU, of shape (calls, 2)."""
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in engines}
    freeze()
    for first in range(0, len(leads), TURN):
        for name, engine in engines.items():
            gc.collect()
            found[name] += [_call(engine, lead) for lead in leads[first : first + TURN]]
    # Frozen until the end of the process, objects of libraries are told to have leaked.
    gc.unfreeze()
    return {name: np.array(seconds) for name, seconds in found.items()}


def _call(engine: Engine, lead: LeadInput) -> tuple[float, float]:
    began, cpu = time.perf_counter(), time.thread_time()
    engine(lead)
    return time.perf_counter() - began, time.thread_time() - cpu


def _figures(seconds: Any) -> Mapping[str, float]:  # noqa: ANN401 - an array
    clock, cpu = (1000 * seconds).T
    return {
        "median_ms": float(np.median(clock)),
        "p99_ms": float(np.quantile(clock, 0.99)),
        "cpu_median_ms": float(np.median(cpu)),
        "cpu_p99_ms": float(np.quantile(cpu, 0.99)),
    }


def _tell(figures: Mapping[str, Mapping[str, float]], columns: Mapping[str, int]) -> None:
    print(f"\n{'':8} {'features':>9} {'median':>8} {'99th':>8} {'CPU':>8} {'99th':>8}  milliseconds a lead")
    for name, one in figures.items():
        told = " ".join(f"{value:8.3f}" for value in one.values())
        print(f"{name:8} {columns[name]:9} {told}", flush=True)


if __name__ == "__main__":
    main()
