"""Running rivals on a task, every run kept so that it need not be done twice."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.model_quality.kept import kept, rows_hash
from benchmarks.model_quality.rivals import RIVALS, load
from benchmarks.model_quality.task import NotRun, Task, Terms
from models.metrics import Floats


@dataclass(frozen=True)
class Run:
    """What one rival with one seed gave the test rows, and the seconds it took, by the clock and of CPU."""

    probability: Floats
    note: str
    seconds: float
    cpu_seconds: float


def runs_of(name: str, task: Task, seeds: Sequence[int], terms: Terms) -> list[Run] | str:
    """Run a rival with each seed, or the first alone if it draws nothing; if it cannot be run, say why."""
    entry = RIVALS[name]
    if entry.why_not:
        return entry.why_not
    try:
        return [_run(name, task, replace(terms, seed=seed)) for seed in (seeds if entry.draws else seeds[:1])]
    except NotRun as reason:
        return str(reason)


def _run(name: str, task: Task, terms: Terms) -> Run:
    entry = RIVALS[name]
    depends_on: Mapping[str, Any] = {
        "train": rows_hash(task.train),
        "test": rows_hash(task.test),
        "rival": entry.stands_for,
        "budget": terms.seconds if entry.timed else None,
        "settings": [task.estimator.model_dump(), task.split.model_dump()] if entry.own else None,
    }
    path = Path(terms.folder) / "runs" / task.name / f"{name}_{terms.seed}.json"
    found = kept(path, depends_on, partial(_measured, name, task, terms))
    return Run(np.array(found["probability"]), found["note"], found["seconds"], found["cpu_seconds"])


def _measured(name: str, task: Task, terms: Terms) -> dict[str, Any]:
    rival = load(name)
    began, cpu = time.perf_counter(), _cpu_seconds()
    answer = rival(task, terms)
    return {
        "seconds": time.perf_counter() - began,
        "cpu_seconds": _cpu_seconds() - cpu,
        "note": answer.note,
        "probability": answer.probability.tolist(),
    }


def _cpu_seconds() -> float:
    """Return the seconds of CPU that this process and its ended children have taken."""
    return float(sum(os.times()[:4]))
