"""How far scores lie from the truth on forward folds, as a function of the score, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from models.calibration.form import Floats
from models.calibration.forward_scores import ForwardScores
from models.calibration.levels import levelled
from models.log_odds import probability_of
from models.paired import of_leads

BEND: Final = 0.5
"""Scores are thought to be this much too steep or too flat, as a standard deviation, until leads say more."""

ROUNDS: Final = 25
LONGEST: Final = 1.0


@dataclass(frozen=True)
class ErrorsOfScores:
    """The error of a score in log-odds, but for its level: a slope below and one above the middle score.

    They are told beside ``centre``, so that they leave the level as it is.
    """

    middle: float
    centre: Floats
    slopes: Floats
    covariance: Floats

    def at(self, score: Floats) -> tuple[Floats, Floats]:
        """Return the error at calibrated scores, and its variance."""
        shape = _sides(score, self.middle) - self.centre
        return shape @ self.slopes, ((shape @ self.covariance) * shape).sum(axis=1)


def errors_of_scores(told: ForwardScores, score: Floats) -> ErrorsOfScores:
    """Measure the errors of calibrated scores by what came of the leads.

    The slopes are a logistic regression with the levelled score as its offset, their covariance that of a
    sandwich over leads (Liang and Zeger, Longitudinal data analysis using generalized linear models, 1986),
    whose looks belong together. Where leads say little the slopes stay near 0, by a normal prior (`BEND`).
    """
    offset = levelled(replace(told, raw=score)).raw
    middle = float(np.average(score, weights=told.weight))
    rate = probability_of(offset)
    known = told.weight * rate * (1 - rate)
    weight = told.weight / _looks_per_lead(told, rate)
    sides = _sides(score, middle)
    centre = np.average(sides, axis=0, weights=known)
    shape, prior, slopes = sides - centre, np.eye(2) / BEND**2, np.zeros(2)
    for _ in range(ROUNDS):
        rate = probability_of(offset + shape @ slopes)
        missed = weight * (told.label - rate)
        curvature = (shape.T * (weight * rate * (1 - rate))) @ shape + prior
        slopes += np.clip(np.linalg.solve(curvature, shape.T @ missed - prior @ slopes), -LONGEST, LONGEST)
    by_lead = np.column_stack([of_leads(missed * side, told.lead) for side in shape.T])
    inverse = np.linalg.inv(curvature)
    covariance = inverse @ (by_lead.T @ by_lead + prior) @ inverse
    if all(np.ptp(score[rows]) == 0 for rows in told.folds):
        slopes, covariance = np.zeros(2), np.zeros((2, 2))
    return ErrorsOfScores(middle, centre, slopes, covariance)


def _sides(score: Floats, middle: float) -> Floats:
    away = score - middle
    return np.column_stack([np.minimum(away, 0.0), np.maximum(away, 0.0)])


def _looks_per_lead(told: ForwardScores, rate: Floats) -> float:
    """Return how much less the weights tell than as many independent leads would."""
    missed = of_leads(told.weight * (told.label - rate), told.lead)
    return float((missed**2).sum() / (told.weight * rate * (1 - rate)).sum())
