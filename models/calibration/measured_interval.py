"""The interval of each probability, measured on forward folds."""

from __future__ import annotations

from statistics import NormalDist
from typing import Final

import numpy as np

from models.calibration.errors_of_scores import ErrorsOfScores, errors_of_scores
from models.calibration.form import Floats
from models.calibration.forward_scores import ForwardScores
from models.calibration.interval import LEVEL, RateInterval
from models.calibration.kinds import Calibration

KNOTS: Final = 41
"""The ends are kept at so many scores."""

BEYOND: Final = 1.0
"""They are kept so far beyond the scores that were measured, in log-odds."""

WIDE: Final = NormalDist().inv_cdf((1 + LEVEL) / 2)
"""So many standard errors on either side hold the level of a normal distribution."""

FEWEST_FOLDS: Final = 2
"""One period cannot say how much periods differ."""


def measured_interval(told: ForwardScores, calibration: Calibration) -> RateInterval | None:
    """Return between which rates leads of each score convert in a later period.

    Two things keep the rate from being the probability: only so many leads say how far scores are off, and
    the next period is not like those before. The first is the sampling error over leads of the scores'
    errors on forward folds, the second how far folds lie apart. The interval lies about the corrected rate,
    and is drawn out to hold the probability itself.

    None with a single fold, or where all leads had one outcome: nobody has seen two periods then.
    """
    if len(np.unique(told.fold)) < FEWEST_FOLDS or not told.has_both_outcomes:
        return None
    scores = calibration.log_odds(told.raw)
    found = errors_of_scores(told, scores)
    at = np.linspace(scores.min() - BEYOND, scores.max() + BEYOND, KNOTS)
    error, half = found.at(at)[0], half_width(found, at)
    # A higher score has no lower end, whatever the slopes say far out.
    low = np.maximum.accumulate(np.minimum(at + error - half, at))
    high = np.minimum.accumulate(np.maximum(at + error + half, at)[::-1])[::-1]
    return RateInterval(level=LEVEL, score=at.tolist(), low=low.tolist(), high=high.tolist())


def half_width(found: ErrorsOfScores, score: Floats) -> Floats:
    """Return half the width of the interval at calibrated scores, in log-odds."""
    next_period = found.between * (1 + 1 / found.folds)
    return np.asarray(WIDE * np.sqrt(found.at(score)[1] + next_period))
