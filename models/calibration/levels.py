"""How far off the scores of a whole period are, which a model learns anew with each training."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from models.calibration.form import Floats
from models.calibration.forward_scores import ForwardScores
from models.log_odds import probability_of
from models.metrics import Labels
from models.paired import of_leads

ROUNDS: Final = 50
"""Newton's method needs five or so, and more where its steps would be too long to trust."""

LONGEST: Final = 1.0
EXACT: Final = 1e-12


def levelled(told: ForwardScores) -> ForwardScores:
    """Return the scores shifted so that in each fold as many convert as they say.

    What they say beyond that is their shape. It is what a calibration can learn from folds: the served model
    has learned from these folds, too, and has their level already. Where the rate happened to be low in all
    of them, their scores were too high, and those of the next model will not be.
    """
    raw = told.raw.copy()
    for rows in told.folds:
        raw[rows] += _shift(raw[rows], told.label[rows], told.weight[rows])
    return replace(told, raw=raw)


def levels(told: ForwardScores, score: Floats) -> tuple[Floats, Floats]:
    """Return how far each fold's scores were off in log-odds, and the variance of that over its leads."""
    shifts, chances = [], []
    for rows in told.folds:
        label, weight = told.label[rows], told.weight[rows]
        shift = _shift(score[rows], label, weight)
        rate = probability_of(score[rows] + shift)
        missed = of_leads(weight * (label - rate), told.lead[rows])
        shifts.append(shift)
        chances.append((missed**2).sum() / (weight * rate * (1 - rate)).sum() ** 2)
    return np.array(shifts), np.array(chances)


def _shift(score: Floats, label: Labels, weight: Floats) -> float:
    shift = 0.0
    for _ in range(ROUNDS):
        rate = probability_of(score + shift)
        known = (weight * rate * (1 - rate)).sum()
        step = (weight * (label - rate)).sum() / max(known, 1e-300)
        shift += float(np.clip(step, -LONGEST, LONGEST))
        if abs(step) < EXACT:
            break
    return shift
