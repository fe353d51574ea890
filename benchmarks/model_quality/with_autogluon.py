"""AutoGluon, in an environment of its own as it cannot live beside this pandas."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np
import pandas as pd

from benchmarks.model_quality.frames import frame_of
from benchmarks.model_quality.own_environment import python_with
from benchmarks.model_quality.task import Answer, NotRun, Task, Terms
from models.split import SplitSettings, forward_split
from models.training_rows import TrainingRows

PACKAGE: Final = "autogluon.tabular[catboost,lightgbm,xgboost]==1.6.3"
CHILD: Final = Path(__file__).parent / "autogluon_child.py"
VALIDATED: Final = SplitSettings(test_share=0.25)
LONGEST: Final = 20
"""So many budgets, and five minutes, may pass before a run is taken to hang."""


def autogluon(task: Task, terms: Terms) -> Answer:
    """Let it stack within the budget, by log-loss.

    It validates by the newest quarter of the training rows and learns the best model again from all of them.
    """
    python = python_with(PACKAGE, terms.folder / "environments" / "autogluon")
    cut = forward_split(task.train.as_of, task.train.weight, VALIDATED, gap=0)
    with TemporaryDirectory() as name:
        folder = Path(name)
        sides = {"train": task.train[cut.train], "validation": task.train[cut.judged], "test": task.test}
        for side, rows in sides.items():
            _labelled(rows).to_parquet(folder / f"{side}.parquet", index=False)
        told = {"seconds": terms.seconds, "threads": terms.threads}
        (folder / "terms.json").write_text(json.dumps(told), encoding="utf-8")
        _run([str(python), str(CHILD), str(folder)], 300 + LONGEST * terms.seconds)
        note = (folder / "note.txt").read_text(encoding="utf-8")
        return Answer(np.load(folder / "probability.npy"), note)


def _labelled(rows: TrainingRows) -> pd.DataFrame:
    return frame_of(rows).assign(_label=rows.label.astype(int), _weight=rows.weight)


def _run(words: list[str], seconds: float) -> None:
    try:
        done = subprocess.run(words, capture_output=True, text=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired as fault:
        raise NotRun(f"it was not done after {seconds:.0f} s") from fault
    if done.returncode:
        raise NotRun(" ".join(done.stderr.splitlines()[-1:]) or f"it ended with {done.returncode}")
