"""Learning in two steps: judge forward in time, then learn again from all that is mature."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from data_checks.errors import BatonError
from features.moments import DAY
from models.baselines import BASELINES, Baseline
from models.calibration import Calibration, chosen_calibration
from models.estimator import EstimatorSettings, Grown, best_rounds, fit, grow
from models.split import Fold, SplitSettings, forward_folds, forward_test, without_known_leads
from models.training_rows import TrainingRows

if TYPE_CHECKING:
    from lightgbm import Booster

DEFAULT_ROUNDS = 100
"""Rounds where there is too little data to find their number by forward folds."""


@dataclass(frozen=True)
class Learned:
    """The model to serve, and what its like predicted on later data that it had not seen.

    ``test`` are the positions of the test rows and ``predicted`` the probability that each scorer gave
    them: ``baton`` and the baselines. ``twin`` is the model that ``baton`` stands for there: the same
    recipe learned from the training part, of which all outcomes were known at ``twin_knows_until``.
    """

    booster: Booster
    twin: Booster
    twin_knows_until: int
    calibration: Calibration
    rounds: int
    rounds_found: bool
    test: NDArray[np.intp]
    trained_on: int
    gap_days: float
    predicted: Mapping[str, NDArray[np.float64]]


def learn(  # noqa: PLR0913, PLR0917 - each setting belongs to another owner
    rows: TrainingRows,
    estimator: EstimatorSettings,
    split: SplitSettings,
    horizon_days: int,
    progress: Callable[[str], None] = lambda _: None,
    baselines: Mapping[str, Baseline] = BASELINES,
) -> Learned:
    """Learn from mature rows.

    The number of rounds and the calibration are found on forward folds of the training part, the
    test part is predicted by a model of the training part, and the model to serve is then trained
    on all mature rows with the same number of rounds.

    The ``baselines`` predict the test part, too.

    Raises:
        BatonError: There is nothing to learn from, or nothing to test on.
    """
    _require_outcomes(rows, split, horizon_days)
    gap = split.gap(horizon_days)
    cut = forward_test(rows.as_of, rows.weight, rows.lead, split, horizon_days)
    train, test = rows[cut.train], rows[cut.judged]
    _require_outcomes(train, split, horizon_days)
    _require_test(test)
    progress("finding the number of rounds on forward folds")
    folds = forward_folds(train.as_of, train.weight, split, gap)
    if gap < horizon_days * DAY:
        folds = tuple(without_known_leads(fold, train.lead) for fold in folds)
    grown = [grow(train, fold, estimator) for fold in folds if _teaches(train, fold)]
    rounds = estimator.rounds or (best_rounds(train, grown) if grown else DEFAULT_ROUNDS)
    calibration = _calibration(train, grown, rounds)
    progress(f"testing forward with {rounds} rounds, calibration: {calibration.name}")
    tested = fit(train, estimator, rounds)
    predicted = {"baton": calibration.probability(np.asarray(tested.predict(test.matrix, raw_score=True)))}
    for name, baseline in baselines.items():
        progress(f"asking the baseline {name.replace('_', ' ')}")
        predicted[name] = baseline(train, test)
    progress("learning again from all mature rows")
    booster = fit(rows, estimator, rounds)
    return Learned(
        booster,
        tested,
        int(train.as_of.max()) + horizon_days * DAY,
        calibration,
        rounds,
        bool(grown) and not estimator.rounds,
        cut.judged,
        len(train),
        gap / DAY,
        predicted,
    )


def _teaches(train: TrainingRows, fold: Fold) -> bool:
    return train[fold.train].has_both_outcomes and train[fold.judged].has_both_outcomes


def _calibration(train: TrainingRows, grown: Sequence[Grown], rounds: int) -> Calibration:
    if not grown:
        return Calibration()
    rows = np.concatenate([one.fold.judged for one in grown])
    number = np.concatenate([np.full(len(one.fold.judged), place) for place, one in enumerate(grown)])
    raw = np.concatenate([one.raw(train, rounds) for one in grown])
    return chosen_calibration(raw, train.label[rows], train.weight[rows], number)


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


def _require_test(test: TrainingRows) -> None:
    if not len(test):
        raise BatonError(
            "a model is tested on leads that nothing was learned from",
            "none in the test window, every lead there is older",
            "leave split.gap_days out of params.yaml, so that the gap is the horizon",
        )
