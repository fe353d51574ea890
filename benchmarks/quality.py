"""How good Baton's probabilities are beside other ways to learn, on later leads.

    BATON_REAL_DATA=FOLDER python benchmarks/quality.py

Five data sets, four of them public (BATON_REAL_DATA names the folder they lie in, see examples/) and the
sample CRM. Rows, columns and forward test are those of the stages; every rival gets the same rows, with the
weights by which each lead counts once. FLAML and AutoGluon search for ``--budget`` seconds by the clock, the
others take what they take: let nothing else run. AutoGluon gets an environment of its own at its first run.

Told are AUC, average precision and log-loss as means over seeds, with 95 % intervals over leads (bootstrap)
and the deviation over seeds; by how much Baton is better than each rival on the same leads; and whether it is
first, within the noise of first, or behind. Every run is kept in ``--folder``, so that a run that was stopped
goes on. The last line is one JSON object.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.model_quality.prepared import SETS, kept_project, why_absent
from benchmarks.model_quality.rivals import RIVALS
from benchmarks.model_quality.runs import runs_of
from benchmarks.model_quality.table import heading, lines
from benchmarks.model_quality.task import Task, Terms, task_of
from benchmarks.model_quality.verdict import standings
from models.evaluation import OWN
from pipeline.sample_crm.settings import DEFAULT_LEADS, DEFAULT_SEED


def main() -> None:
    """Run every rival on every set and tell."""
    asked = _arguments()
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    seeds = range(DEFAULT_SEED, DEFAULT_SEED + asked.seeds)
    terms = Terms(asked.budget, asked.threads, DEFAULT_SEED, asked.folder)
    found: dict[str, Any] = {}
    for name in asked.sets:
        why = why_absent(name)
        if why:
            print(f"\n{name}: not run, because {why}", flush=True)
            found[name] = {"not_run": why}
        else:
            found[name] = _of_set(_task(name, asked), asked.rivals, seeds, terms)
    told = {"benchmark": "quality", "budget_seconds": asked.budget, "seeds": list(seeds)}
    print(json.dumps({**told, "sets": found}))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sets", nargs="+", choices=SETS, default=SETS)
    parser.add_argument("--rivals", nargs="+", choices=list(RIVALS), default=list(RIVALS))
    parser.add_argument("--seeds", type=int, default=3, help="runs of each rival that draws at random")
    parser.add_argument("--budget", type=float, default=60, help="seconds of those that take a budget")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--leads", type=int, default=DEFAULT_LEADS, help="leads of the sample CRM")
    parser.add_argument("--folder", type=Path, default=Path("var/quality"), help="where runs are kept")
    asked = parser.parse_args()
    asked.rivals = [name for name in RIVALS if name in {OWN, *asked.rivals}]
    return asked


def _task(name: str, asked: argparse.Namespace) -> Task:
    return task_of(name, kept_project(asked.folder, name, asked.leads))


def _of_set(task: Task, rivals: Sequence[str], seeds: Sequence[int], terms: Terms) -> Mapping[str, Any]:
    print(heading(task), flush=True)
    found = {name: runs_of(name, task, seeds, terms) for name in rivals}
    runs = {name: one for name, one in found.items() if not isinstance(one, str)}
    absent = {name: one for name, one in found.items() if isinstance(one, str)}
    standing = standings(task.test, runs)
    for line in lines(runs, absent, standing):
        print(line, flush=True)
    return {
        "leads": len(np.unique(task.test.lead)),
        "seconds": {name: _mean([one.seconds for one in several]) for name, several in runs.items()},
        "cpu_seconds": {name: _mean([one.cpu_seconds for one in several]) for name, several in runs.items()},
        "notes": {name: [one.note for one in several] for name, several in runs.items()},
        "not_run": absent,
        "standings": {metric: one.to_json() for metric, one in standing.items()},
    }


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


if __name__ == "__main__":
    main()
