"""Whether leads whose horizon is not over should be learned from: mature labels against a hazard.

    python benchmarks/fresh_labels.py [--project FOLDER] [--leads 20000] [--seed 7]

At four moments of a sample CRM's history trees and a scorecard learn what could be known then, and score the
leads that came next. Ways to learn:

- mature: only looks whose horizon had passed (what the stage `train` does);
- hazard, mature: when a lead converts, by a discrete-time hazard over four delays, of the same looks;
- hazard: each delay also learns from the younger looks that had lived through it;
- completed: younger looks with the outcome that the hazard expects of them, beside mature ones;
- completed by delays: the same, expected by the model of mature looks and by how soon conversions came.

Source of the hazard: Singer and Willett, It's about time: using discrete-time survival analysis, 1993. Told
are log-loss and AUC, and how much less each loses than `mature` with its standard error over leads. The last
line is one JSON object.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import reduce
from itertools import pairwise
from pathlib import Path
from typing import Final

import lightgbm
import numpy as np
from numpy.typing import NDArray

from benchmarks.projects import sample_project
from features.from_history import records_from_history
from features.moments import DAY, NEVER
from models.bins import Floats
from models.estimator import EstimatorSettings, fit
from models.log_odds import log_odds_of, probability_of
from models.metrics import auc
from models.outcomes import reached_at
from models.paired import losses, mean_and_error
from models.scorecard import Scorecard
from models.scorecard_fitting import fit_scorecards
from models.training_rows import TrainingRows
from pipeline.project import Project
from pipeline.sampled_history import history_of_leads
from pipeline.training import read_lead_ids, read_training_rows

DELAYS: Final = (0, 1 / 9, 1 / 3, 2 / 3, 1)
"""Where the delays of the hazard begin and end, in horizons: more convert soon than late."""

TREES: Final = 150
STRENGTH: Final = 0.05
WINDOWS: Final = 4


def main() -> None:
    """Learn and score at each moment, and tell."""
    asked = _arguments()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "project"
        project = Project(asked.project) if asked.project else sample_project(home, asked.leads, asked.seed)
        history = _history(project)
    lost: dict[str, list[Floats]] = {}
    aucs: dict[str, list[float]] = {}
    judged = []
    for at, until in _windows(history.rows):
        later = np.flatnonzero((history.rows.as_of >= at) & (history.rows.as_of < until))
        rows = history.rows[later]
        for name, scores in _ways(history, at, rows.matrix, project.params.train).items():
            lost.setdefault(name, []).append(losses(probability_of(scores), rows.label))
            aucs.setdefault(name, []).append(auc(scores, rows.label, rows.weight))
        judged.append(later)
        _say(f"{len(judged)} of {WINDOWS} moments")
    _tell(history.rows[np.concatenate(judged)], {k: np.concatenate(v) for k, v in lost.items()}, aucs)


@dataclass(frozen=True)
class _History:
    """Looks, and after how many days each was followed by the target (inf if it never was)."""

    rows: TrainingRows
    delay: Floats
    horizon: float


def _ways(history: _History, at: int, later: Floats, settings: EstimatorSettings) -> Mapping[str, Floats]:
    """Return the scores, in log-odds, that each way gives to later looks."""
    age = (at - history.rows.as_of) / DAY
    mature, young = (
        np.flatnonzero(age >= history.horizon),
        np.flatnonzero((age > 0) & (age < history.horizon)),
    )
    known = np.concatenate([mature, young])
    trees = _raw(fit(history.rows[mature], settings, TREES), later)
    card = fit_scorecards(history.rows[mature], (STRENGTH,))[0].log_odds(later)
    old, all_of = (_hazard(history, looks, at, settings) for looks in (mature, known))
    rows = history.rows[known]
    label = np.concatenate([history.rows.label[mature], _expected(history, all_of, young, age[young])])
    full_trees = _raw(_soft_trees(rows, label, settings), later)
    full_card = _soft_card(rows, label).log_odds(later)
    by_delays = _taught_by_delays(history, mature, young, age[young], settings)
    hazard = log_odds_of(_reached(all_of, later))
    return {
        "mature": (trees + card) / 2,
        "mature, trees": trees,
        "mature, scorecard": card,
        "hazard, mature, trees": log_odds_of(_reached(old, later)),
        "hazard, trees": hazard,
        "completed": (full_trees + full_card) / 2,
        "completed, trees": full_trees,
        "completed, scorecard": full_card,
        "hazard trees and completed scorecard": (hazard + full_card) / 2,
        "completed by delays": by_delays(later),
    }


def _hazard(
    history: _History, looks: NDArray[np.intp], at: int, settings: EstimatorSettings
) -> lightgbm.Booster:
    """Grow trees that say whether a look is followed by the target within a delay, if not before it."""
    age = (at - history.rows.as_of[looks]) / DAY
    parts = []
    for place, (begin, end) in enumerate(pairwise(_ends(history.horizon))):
        alive = looks[(age >= end) & (history.delay[looks] > begin)]
        parts.append((alive, history.delay[alive] <= end, np.full(len(alive), float(place))))
    alive, label, place = (np.concatenate(one) for one in zip(*parts, strict=True))
    rows = history.rows[alive]
    told = replace(
        rows,
        matrix=np.column_stack([rows.matrix, place]),
        names=(*rows.names, "delay"),
        categorical=(*rows.categorical, "delay"),
        label=label,
    )
    return fit(told, settings, TREES)


def _reached(hazard: lightgbm.Booster, matrix: Floats) -> Floats:
    """Return the probability of the target within the horizon."""
    return 1 - reduce(np.multiply, (1 - _within(hazard, matrix, place) for place in range(len(DELAYS) - 1)))


def _expected(history: _History, hazard: lightgbm.Booster, looks: NDArray[np.intp], age: Floats) -> Floats:
    """Return 1 for looks that were followed by the target already, else what is to be expected of them."""
    matrix, missed = history.rows.matrix[looks], np.ones(len(looks))
    for place, (begin, end) in enumerate(pairwise(_ends(history.horizon))):
        left = np.clip((end - np.maximum(age, begin)) / (end - begin), 0, 1)
        missed *= (1 - _within(hazard, matrix, place)) ** left
    return np.where(history.delay[looks] <= age, 1.0, 1 - missed)


def _taught_by_delays(
    history: _History,
    mature: NDArray[np.intp],
    young: NDArray[np.intp],
    age: Floats,
    settings: EstimatorSettings,
) -> Callable[[Floats], Floats]:
    """Return trees and scorecard of mature looks and of young ones completed by delays, as log-odds.

    Of those who have not converted by an age, a share of ``p (1 - F) / (1 - p F)`` will: ``p`` converts
    in all, and ``F`` of these have by that age (Chapelle, Modeling delayed feedback in display advertising,
    2014).
    """
    old = history.rows[mature]
    first = fit(old, settings, TREES)
    card = fit_scorecards(old, (STRENGTH,))[0]
    matrix = history.rows.matrix[young]
    p = probability_of((_raw(first, matrix) + card.log_odds(matrix)) / 2)
    delays = np.sort(history.delay[mature][old.label])
    gone = np.searchsorted(delays, age, side="right") / max(len(delays), 1)
    label = np.where(history.delay[young] <= age, 1.0, p * (1 - gone) / (1 - p * gone))
    rows = history.rows[np.concatenate([mature, young])]
    label = np.concatenate([old.label, label])
    trees, full_card = _soft_trees(rows, label, settings), _soft_card(rows, label)
    return lambda later: (_raw(trees, later) + full_card.log_odds(later)) / 2


def _within(hazard: lightgbm.Booster, matrix: Floats, place: int) -> Floats:
    return probability_of(_raw(hazard, np.column_stack([matrix, np.full(len(matrix), float(place))])))


def _soft_trees(rows: TrainingRows, label: Floats, settings: EstimatorSettings) -> lightgbm.Booster:
    """Grow trees on labels between 0 and 1."""
    data = lightgbm.Dataset(
        rows.matrix,
        label,
        weight=rows.weight,
        feature_name=list(rows.names),
        categorical_feature=list(rows.categorical),
    )
    return lightgbm.train(settings.to_lightgbm(rows) | {"objective": "cross_entropy"}, data, TREES)


def _soft_card(rows: TrainingRows, label: Floats) -> Scorecard:
    """Fit a scorecard on labels between 0 and 1: each look once as a success and once as none, in parts."""
    twice = np.concatenate([np.arange(len(rows))] * 2)
    weight = np.concatenate([rows.weight * label, rows.weight * (1 - label)])
    told = replace(rows[twice], label=np.repeat([True, False], len(rows)), weight=weight)
    return fit_scorecards(told[np.flatnonzero(weight > 0)], (STRENGTH,))[0]


def _raw(booster: lightgbm.Booster, matrix: Floats) -> Floats:
    return np.asarray(booster.predict(matrix, raw_score=True))


def _ends(horizon: float) -> list[float]:
    return [part * horizon for part in DELAYS]


def _windows(rows: TrainingRows) -> Iterator[tuple[int, int]]:
    """Yield the newest half of the looks in parts: from when, until when."""
    cuts = np.quantile(rows.as_of, np.linspace(0.5, 1.0, WINDOWS + 1)).astype(np.int64)
    return pairwise([*cuts[:-1].tolist(), int(cuts[-1]) + 1])


def _history(project: Project) -> _History:
    rows, horizon = read_training_rows(project), project.agreement.target.within_days
    leads, place = np.unique(rows.lead, return_inverse=True)
    ids = read_lead_ids(project, leads)
    records = records_from_history(history_of_leads(project.tables, ids))
    moment = dict(zip(records.lead_ids, reached_at(records, project.agreement).tolist(), strict=True))
    reached = np.array([moment[one] for one in ids])[place]
    return _History(rows, np.where(reached == NEVER, np.inf, (reached - rows.as_of) / DAY), horizon)


def _tell(rows: TrainingRows, lost: Mapping[str, Floats], aucs: Mapping[str, list[float]]) -> None:
    found = {}
    _say(f"{'':38}{'log-loss':>9}{'AUC':>8}  less than mature")
    for name, one in lost.items():
        less, error = mean_and_error(lost["mature"] - one, rows.weight, rows.lead)
        loss, area = float(np.average(one, weights=rows.weight)), float(np.mean(aucs[name]))
        found[name] = {"log_loss": loss, "auc": area, "less": less, "error": error}
        _say(f"{name:38}{loss:9.4f}{area:8.4f}  {less:+.4f} ± {error:.4f}")
    _say(json.dumps({"benchmark": "fresh_labels", "looks": len(rows), "ways": found}))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--project", type=Path, help="a project that has run the stage features")
    parser.add_argument("--leads", type=int, default=20_000, help="leads of the sample CRM")
    parser.add_argument("--seed", type=int, default=7)
    return parser.parse_args()


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
