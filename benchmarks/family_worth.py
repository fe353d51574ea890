"""What each family of features is worth: the forward test with that family left out.

Run `python benchmarks/family_worth.py` for the sample CRM (``--seeds`` for several), with ``--example
bpi_2012_october --data FOLDER`` for a public data set. Rows, folds, rounds and calibration are those of the
stages. A family is worth what the log-loss on later leads rises without it; the interval is of a paired
bootstrap over leads. The rival is the same model with every family. The last line is one JSON object.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np

from benchmarks.projects import example_project, sample_project
from models.evaluation import OWN, verdicts
from models.learning import Learned, learn
from models.metrics import all_metrics
from models.training_rows import TrainingRows
from pipeline.project import Project
from pipeline.training import read_features, read_training_rows

CAPACITY: Final = 0.1
"""The share of leads that the metrics beside log-loss and AUC are taken at; none of these is told here."""


def main() -> None:
    """Learn with all families, then without each in turn, and tell the difference."""
    asked = _arguments()
    found = {}
    for seed in range(asked.first_seed, asked.first_seed + asked.seeds):
        with tempfile.TemporaryDirectory() as folder:
            home = Path(folder) / "project"
            project = (
                example_project(home, asked.example, asked.data)
                if asked.example
                else sample_project(home, asked.leads, seed)
            )
            found[f"seed {seed}"] = _worths(project, asked.rounds)
    _say(json.dumps({"data": asked.example or "sample CRM", "worth": found}))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--example", help="a public data set's example")
    parser.add_argument("--data", type=Path, help="the folder that it lies in")
    parser.add_argument("--leads", type=int, default=20_000, help="leads of the sample CRM")
    parser.add_argument("--seeds", type=int, default=1, help="how many sample CRMs")
    parser.add_argument("--rounds", type=int, help="trees, if not to be found on the folds")
    parser.add_argument("--first-seed", type=int, default=7)
    return parser.parse_args()


def _worths(project: Project, rounds: int | None) -> Mapping[str, Mapping[str, float]]:
    rows, features = read_training_rows(project), read_features(project)
    whole = _learned(project, rows, rounds)
    test = rows[whole.test]
    figures = all_metrics(whole.predicted[OWN], test.label, test.weight, CAPACITY)
    _say(f"\n{len(rows.names)} features: log-loss {figures['log_loss']:.4f}, AUC {figures['auc']:.4f}")
    _say(f"{'without':20} {'features':>8} {'log-loss':>9} {'95 % interval':>20} {'AUC':>8}")
    worths: dict[str, Mapping[str, float]] = {}
    for family in dict.fromkeys(feature.family for feature in features.features):
        left = [feature.name for feature in features.features if feature.family != family]
        without = _learned(project, _only(rows, left), rounds).predicted[OWN]
        (verdict,) = verdicts(test, {OWN: whole.predicted[OWN], "without": without}, seed=7)
        auc = all_metrics(without, test.label, test.weight, CAPACITY)["auc"] - figures["auc"]
        worths[family] = {
            "log_loss": verdict.gain,
            "low": verdict.low,
            "high": verdict.high,
            "auc": auc,
        }
        interval = f"{verdict.low:+.4f} to {verdict.high:+.4f}"
        gone = len(rows.names) - len(left)
        _say(f"{family:20} {gone:8} {verdict.gain:+9.4f} {interval:>20} {auc:+8.4f}")
    return worths


def _learned(project: Project, rows: TrainingRows, rounds: int | None) -> Learned:
    params, horizon = project.params, project.agreement.target.within_days
    settings = params.train.model_copy(update={"rounds": rounds or params.train.rounds})
    return learn(rows, settings, params.split, horizon, baselines={})


def _only(rows: TrainingRows, names: Collection[str]) -> TrainingRows:
    columns = [column for column, name in enumerate(rows.names) if name in names]
    return replace(
        rows,
        matrix=np.ascontiguousarray(rows.matrix[:, columns]),
        names=tuple(rows.names[column] for column in columns),
        categorical=tuple(name for name in rows.categorical if name in names),
    )


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
