"""What reasons cost: leads scored with and without them, alone and a hundred at a time, in one process.

    python benchmarks/reasons.py

A small sample CRM goes the whole way to a bundle first. Told is the median processor time of a lead in
milliseconds: of the trees' probability, of their exact contributions, and of a whole score. With and without
take turns, so that other load hits both alike. The last line is one JSON object.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.projects import sample_project
from benchmarks.single_lead.leads import leads_with
from features.from_history import records_from_history
from features.from_inputs import records_from_inputs
from models.scorer import Scorer, load_scorer
from pipeline.checked_tables import CheckedTables
from pipeline.stages.bundle import run_bundle
from pipeline.stages.evaluate import run_evaluate
from pipeline.stages.train import run_train
from pipeline.stages.tune import run_tune
from pipeline.store import read_history
from serving.garbage import freeze


def main() -> None:
    """Prepare a model and leads, time, tell."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--leads", type=int, default=4_000, help="leads of the sample CRM")
    parser.add_argument("--activities", type=int, default=20, help="activities of each lead that is timed")
    parser.add_argument("--calls", type=int, default=50, help="calls of each size")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        project = sample_project(Path(folder) / "project", asked.leads)
        for run in (run_tune, run_train, run_evaluate, run_bundle):
            run(project)
        scorer = load_scorer(project.bundle)
        records = records_from_history(read_history(project.tables))
        now = CheckedTables(project.tables).now
    leads = list(leads_with(records, asked.activities, 100 * asked.calls, now, seed=7))
    freeze()
    figures = {f"{size}_at_a_time": _figures(scorer, leads, size, asked.calls) for size in (1, 100)}
    print(f"\n{len(scorer.feature_names)} features, on {scorer.bundle.model.rung}; ms of CPU a lead")
    for name, one in figures.items():
        print(f"{name:16}" + "".join(f"  {what} {value:.3f}" for what, value in one.items()))
    print(json.dumps({"benchmark": "reasons", "features": len(scorer.feature_names), "figures": figures}))


def _figures(scorer: Scorer, leads: Sequence[Any], size: int, calls: int) -> dict[str, float]:
    groups = [leads[first : first + size] for first in range(0, calls * size, size)]
    bundle = scorer.bundle
    rows = [
        bundle.features.matrix(*records_from_inputs(group, bundle.features.profile.absent), bundle.reference)
        for group in groups
    ]
    works: dict[str, tuple[Callable[[Any], Any], Sequence[Any]]] = {
        "probability": (bundle.model.log_odds, rows),
        "contributions": (bundle.model.contributions, rows),
        "score": (lambda group: scorer.score(group, [False] * len(group)), groups),
        "score_with_reasons": (scorer.score, groups),
    }
    taken: dict[str, list[float]] = {name: [] for name in works}
    for turn in range(calls):
        for name, (work, given) in works.items():
            began = time.thread_time()
            work(given[turn])
            taken[name].append(1000 * (time.thread_time() - began) / size)
    return {name: float(np.median(seconds)) for name, seconds in taken.items()}


if __name__ == "__main__":
    main()
