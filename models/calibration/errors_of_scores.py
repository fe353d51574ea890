"""How far scores lie from the truth on forward folds, as a function of the score, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from models.calibration.form import Floats
from models.calibration.forward_scores import ForwardScores
from models.calibration.periods import variance_between
from models.log_odds import probability_of
from models.paired import of_leads

BEND: Final = 0.5
"""Scores are thought to be this much too steep or too flat, as a standard deviation, until leads say more."""

ROUNDS: Final = 25
"""Newton's method needs five or so, and more where its steps would be too long to trust."""


@dataclass(frozen=True)
class ErrorsOfScores:
    """The error of a score in log-odds: a shift, and a slope below and one above the middle score.

    ``shift_and_slopes`` and their ``covariance`` are of all folds together; ``between`` is the variance
    of the shift from one period to another, of ``folds`` periods.
    """

    middle: float
    shift_and_slopes: Floats
    covariance: Floats
    between: float
    folds: int

    def at(self, score: Floats) -> tuple[Floats, Floats]:
        """Return the error at calibrated scores, and its variance over the leads."""
        shape = _shape(score, self.middle, len(self.shift_and_slopes))
        return shape @ self.shift_and_slopes, ((shape @ self.covariance) * shape).sum(axis=1)


def errors_of_scores(told: ForwardScores, score: Floats) -> ErrorsOfScores:
    """Measure the errors of calibrated scores by what came of the leads.

    A logistic regression with the score as its offset. Its covariance is that of a sandwich over leads
    (Liang and Zeger, 1986), whose looks belong together. Where leads say little the slopes stay near 0, by a
    normal prior (`BEND`); a score that is the same for all has no slope. By how much
    the errors of periods differ, `variance_between` says.
    """
    weight = told.weight / _looks_per_lead(told, score)
    middle = float(np.average(score, weights=weight))
    same = all(np.ptp(score[told.fold == number]) == 0 for number in np.unique(told.fold))
    shape = _shape(score, middle, 1 if same else 3)
    prior = np.diag([0.0, BEND**-2, BEND**-2][: shape.shape[1]])
    found = np.zeros(shape.shape[1])
    for _ in range(ROUNDS):
        rate = probability_of(score + shape @ found)
        missed = weight * (told.label - rate)
        curvature = (shape.T * (weight * rate * (1 - rate))) @ shape + prior
        step = np.linalg.solve(curvature, shape.T @ missed - prior @ found)
        found += np.clip(step, -1.0, 1.0)
    by_lead = np.column_stack([of_leads(missed * side, told.lead) for side in shape.T])
    inverse = np.linalg.inv(curvature)
    covariance = inverse @ (by_lead.T @ by_lead + prior) @ inverse
    shift, chance = _shifts(told, missed, weight * rate * (1 - rate))
    return ErrorsOfScores(middle, found, covariance, variance_between(shift, chance), len(shift))


def _shape(score: Floats, middle: float, columns: int) -> Floats:
    away = score - middle
    sides = [np.ones(len(score)), np.minimum(away, 0.0), np.maximum(away, 0.0)]
    return np.column_stack(sides[:columns])


def _looks_per_lead(told: ForwardScores, score: Floats) -> float:
    """Return how much less the weights tell than as many independent leads would."""
    rate = probability_of(score)
    missed = of_leads(told.weight * (told.label - rate), told.lead)
    return float((missed**2).sum() / (told.weight * rate * (1 - rate)).sum())


def _shifts(told: ForwardScores, missed: Floats, known: Floats) -> tuple[Floats, Floats]:
    """Return how far each fold is off the common error, and the variance of that over its leads."""
    inside = [told.fold == number for number in np.unique(told.fold)]
    shift = [missed[rows].sum() / known[rows].sum() for rows in inside]
    chance = [
        (of_leads(missed[rows], told.lead[rows]) ** 2).sum() / known[rows].sum() ** 2 for rows in inside
    ]
    return np.array(shift), np.array(chance)
