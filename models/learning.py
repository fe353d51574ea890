"""Learning in two steps: judge forward in time, then learn again from all that is known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from features.moments import DAY
from models.baselines import BASELINES, Baseline
from models.calibration.choice import chosen_calibration
from models.calibration.interval import RateInterval
from models.calibration.kinds import Calibration
from models.calibration.measured_interval import measured_interval
from models.calibration.none import NoCalibration
from models.estimator import EstimatorSettings
from models.fold_evidence import FoldEvidence, fold_evidence
from models.forward_part import forward_part
from models.ladder import CROSSED, FORWARD, Judged, Standing, Told, chosen_rung, without_evidence
from models.lesson import Lesson
from models.model import Model
from models.recipe import Recipe
from models.scorecard_fitting import STRENGTHS
from models.split import SplitSettings
from models.training_rows import TrainingRows
from models.young import Young, completed

DEFAULT_ROUNDS = 100
"""Trees where there is too little data to find their number by forward folds, and a person wants trees."""


@dataclass(frozen=True)
class Learned:
    """The model to serve, and what its like predicted on later data that it had not seen.

    ``test`` are the positions of the test rows and ``predicted`` the probability that each scorer gave
    them: ``baton`` and the baselines. ``twin`` is the model that ``baton`` stands for there: the same
    recipe learned from the training part; nothing was used that was not known at ``twin_knows_until``.
    ``standing`` says on which rung of the ladder the model stands, and why. ``interval`` is that of each
    probability, if two folds or more could tell.
    """

    model: Model
    twin: Model
    twin_knows_until: int
    recipe: Recipe
    standing: Standing
    calibration: Calibration
    interval: RateInterval | None
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
    young: Young | None = None,
) -> Learned:
    """Learn from mature rows, and from ``young`` ones beside them.

    The rung, its recipe and the calibration are found on forward folds of the training part; where there is
    too little history for these, rung and recipe on folds of leads drawn at random. The test part is
    predicted by a model of the training part, and the model to serve is then learned from all rows by the
    same recipe. On each fold and for the test, looks that were young then teach as well (`models.young`).
    The ``baselines`` predict the test part, too.

    Raises:
        BatonError: There is nothing to learn from, or nothing to test on.
    """
    part = forward_part(rows, split, horizon_days)
    train, test = part.train, rows[part.test]
    forward = part.able
    evidence = fold_evidence(part, forward or part.crossed(estimator.seed), estimator, progress)
    standing, recipe = _chosen(train, evidence, estimator, FORWARD if forward else CROSSED)
    progress(standing.text)
    calibration, interval = _calibrated(train, evidence if forward else None, standing)
    progress(f"testing forward, calibration: {calibration.kind.replace('_', ' ')}")
    twin = recipe.model(part.lesson, estimator)
    predicted = {"baton": calibration.probability(twin.log_odds(test.matrix))}
    for name, baseline in baselines.items():
        progress(f"asking the baseline {name.replace('_', ' ')}")
        predicted[name] = baseline(train, test)
    progress("learning again from all rows")
    return Learned(
        recipe.model(completed(rows, young) if young else Lesson.of(rows), estimator),
        twin,
        part.known_until,
        recipe,
        standing,
        calibration,
        interval,
        part.test,
        len(train),
        part.gap / DAY,
        predicted,
    )


def _chosen(
    train: TrainingRows, evidence: FoldEvidence | None, estimator: EstimatorSettings, told: Told
) -> tuple[Standing, Recipe]:
    """Return the rung and the recipe; without evidence a scorecard with small points."""
    if evidence is None:
        why = "there are too few leads of either outcome to say more"
        standing = without_evidence(estimator.rung or "scorecard", why)
        rounds = estimator.rounds or DEFAULT_ROUNDS
        return standing, Recipe(standing.rung, min(STRENGTHS), rounds, found=False)
    judged = Judged(train.weight[evidence.judged], train.lead[evidence.judged], evidence.fold)
    ranking = partial(evidence.ranking, train, estimator.seed)
    standing = chosen_rung(evidence.losses(train), judged, ranking, estimator.rung, told)
    return standing, Recipe(standing.rung, evidence.strength, evidence.rounds)


def _calibrated(
    train: TrainingRows, evidence: FoldEvidence | None, standing: Standing
) -> tuple[Calibration, RateInterval | None]:
    if evidence is None:
        return NoCalibration(), None
    told = evidence.scores(train, standing.rung)
    chosen = NoCalibration() if standing.rung == "base_rate" else chosen_calibration(told)
    return chosen, measured_interval(told, chosen)
