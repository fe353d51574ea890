"""What learning costs: Baton's `learn` beside bare `lgb.train` on the same matrix, settings and rounds.

    python benchmarks/training.py
    python benchmarks/training.py --project FOLDER    # one that has gone as far as the stage features

The sample CRM goes as far as training rows first. Then the two take turns, so that other load hits both
alike. Told is processor time in seconds on one thread, the median of the turns: of each, their ratio, and of
each part of `learn`. The rival trains once, on all mature rows, and decides nothing. The last line is one
JSON object.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

import numpy as np

from benchmarks.projects import sample_project
from models import fold_evidence, forward_part, learning
from models.baselines import BASELINES
from models.estimator import EstimatorSettings
from models.learning import Learned, learn
from models.lesson import Lesson
from models.recipe import Recipe
from models.training_rows import TrainingRows
from models.young import Young
from pipeline.project import Project
from pipeline.training import read_training_rows, read_young

PARTS: Final = {
    "trees on the folds": (fold_evidence, "grow"),
    "scorecards on the folds": (fold_evidence, "fit_scorecards"),
    "completing young looks": (forward_part, "completed"),
    "completing those of now": (learning, "completed"),
    "choosing the rung": (learning, "chosen_rung"),
    "calibration": (learning, "_calibrated"),
    "twin and served model": (Recipe, "model"),
}


def main() -> None:
    """Prepare rows, learn in turns, tell."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--leads", type=int, default=20_000, help="leads of the sample CRM")
    parser.add_argument(
        "--project", type=Path, help="a project that has training rows, in place of the sample"
    )
    parser.add_argument("--repeats", type=int, default=3, help="turns of each")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        project = (
            Project(asked.project) if asked.project else sample_project(Path(folder) / "project", asked.leads)
        )
        rows, young = read_training_rows(project), read_young(project)
    settings = project.params.train.model_copy(update={"threads": 1})
    turns = [_turn(project, rows, young, settings) for _ in range(asked.repeats)]
    seconds = {name: float(np.median([turn[name] for turn in turns])) for name in turns[0]}
    ratio = float(np.median([turn["learn"] / turn["lgb.train"] for turn in turns]))
    print(f"\n{len(rows):,} snapshots, {len(rows.names)} features; seconds of CPU, median of {len(turns)}")
    for name, found in seconds.items():
        print(f"{name:28}{found:8.2f}{found / seconds['learn']:8.1%}")
    print(f"learn takes {ratio:.2f} times as long as lgb.train")
    told = {
        "benchmark": "training",
        "snapshots": len(rows),
        "features": len(rows.names),
        "repeats": len(turns),
    }
    print(json.dumps(told | {"ratio": round(ratio, 3), "seconds": seconds}))


def _turn(
    project: Project, rows: TrainingRows, young: Young, settings: EstimatorSettings
) -> dict[str, float]:
    """Return the seconds of `learn`, of its parts, and of the rival with the rounds that were found."""
    taken: dict[str, float] = defaultdict(float)
    horizon_days = project.agreement.target.within_days
    baselines = {name: _timed(f"baseline {name}", made, taken) for name, made in BASELINES.items()}
    with _parts_timed(taken):
        began = time.process_time()
        learned = learn(rows, settings, project.params.split, horizon_days, baselines=baselines, young=young)
        whole = time.process_time() - began
    rest = whole - sum(taken.values())
    began = time.process_time()
    _bare(rows, settings, learned)
    return {"lgb.train": time.process_time() - began, "learn": whole, **taken, "the rest": rest}


def _bare(rows: TrainingRows, settings: EstimatorSettings, learned: Learned) -> None:
    import lightgbm

    data = lightgbm.Dataset(
        rows.matrix,
        label=rows.label.astype(np.float64),
        weight=rows.weight,
        feature_name=list(rows.names),
        categorical_feature=list(rows.categorical),
    )
    lightgbm.train(settings.to_lightgbm(Lesson.of(rows)), data, num_boost_round=learned.recipe.rounds)


@contextmanager
def _parts_timed(taken: dict[str, float]) -> Iterator[None]:
    with ExitStack() as stack:
        for part, (owner, name) in PARTS.items():
            stack.enter_context(patch.object(owner, name, _timed(part, getattr(owner, name), taken)))
        yield


def _timed(part: str, work: Callable[..., Any], taken: dict[str, float]) -> Callable[..., Any]:
    def timed(*given: object, **named: object) -> object:
        began = time.process_time()
        made = work(*given, **named)
        taken[part] += time.process_time() - began
        return made

    return timed


if __name__ == "__main__":
    main()
