"""Learning in two steps: judge forward in time, then learn again from all that is mature."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from data_checks.errors import BatonError
from features.moments import DAY
from models.baselines import BASELINES
from models.calibration import Calibration, chosen_calibration
from models.estimator import EstimatorSettings, best_rounds, fit
from models.split import Fold, SplitSettings, forward_folds, forward_split, without_known_leads
from models.training_rows import TrainingRows

if TYPE_CHECKING:
    from lightgbm import Booster

DEFAULT_ROUNDS = 100
"""Rounds where there is too little data to find their number by forward folds."""


@dataclass(frozen=True)
class Learned:
    """The model to serve, and what its like predicted on later data that it had not seen.

    ``test`` are the positions of the test rows and ``predicted`` the probability that each scorer gave
    them: ``baton`` and the baselines.
    """

    booster: Booster
    calibration: Calibration
    rounds: int
    rounds_found: bool
    test: NDArray[np.intp]
    trained_on: int
    gap_days: float
    predicted: Mapping[str, NDArray[np.float64]]


def learn(
    rows: TrainingRows,
    estimator: EstimatorSettings,
    split: SplitSettings,
    horizon_days: int,
    progress: Callable[[str], None] = lambda _: None,
) -> Learned:
    """Learn from mature rows.

    The number of rounds and the calibration are found on forward folds of the training part, the
    test part is predicted by a model of the training part, and the model to serve is then trained
    on all mature rows with the same number of rounds.

    Raises:
        BatonError: There is nothing to learn from, or nothing to test on.
    """
    gap = split.gap(horizon_days)
    cut = forward_split(rows.as_of, rows.weight, split, gap)
    if gap < horizon_days * DAY:
        cut = without_known_leads(cut, rows.lead)
    train, test = rows[cut.train], rows[cut.judged]
    _require_outcomes(train, split, horizon_days)
    progress("finding the number of rounds on forward folds")
    folds = forward_folds(train.as_of, train.weight, split, gap)
    if gap < horizon_days * DAY:
        folds = tuple(without_known_leads(fold, train.lead) for fold in folds)
    found = estimator.rounds or best_rounds(train, folds, estimator)
    rounds = found or DEFAULT_ROUNDS
    progress(f"calibrating and testing forward with {rounds} rounds")
    calibration = _calibration(train, folds, estimator, rounds)
    tested = fit(train, estimator, rounds)
    predicted = {"baton": calibration.probability(np.asarray(tested.predict(test.matrix, raw_score=True)))}
    for name, baseline in BASELINES.items():
        progress(f"asking the baseline {name.replace('_', ' ')}")
        predicted[name] = baseline(train, test)
    progress("learning again from all mature rows")
    booster = fit(rows, estimator, rounds)
    return Learned(booster, calibration, rounds, bool(found), cut.judged, len(train), gap / DAY, predicted)


def _calibration(
    train: TrainingRows, folds: tuple[Fold, ...], estimator: EstimatorSettings, rounds: int
) -> Calibration:
    raw, judged, number = [], [], []
    for position, fold in enumerate(folds):
        if train[fold.train].has_both_outcomes:
            model = fit(train[fold.train], estimator, rounds)
            raw.append(np.asarray(model.predict(train.matrix[fold.judged], raw_score=True)))
            judged.append(fold.judged)
            number.append(np.full(len(fold.judged), position))
    if not raw:
        return Calibration()
    rows = np.concatenate(judged)
    return chosen_calibration(
        np.concatenate(raw), train.label[rows], train.weight[rows], np.concatenate(number)
    )


def _require_outcomes(train: TrainingRows, split: SplitSettings, horizon_days: int) -> None:
    if train.has_both_outcomes:
        return
    found = f"{int(train.label.sum())} conversions among {len(train)} rows before the test window"
    gap = horizon_days if split.gap_days is None else split.gap_days
    raise BatonError(
        "a model learns from leads that converted and from leads that did not, a gap before its test",
        f"{found} (gap: {gap:g} days)",
        "bring a longer history, or shorten target.within_days in agreement.yaml",
    )
