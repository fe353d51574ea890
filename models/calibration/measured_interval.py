"""The interval of each probability, measured on forward folds."""

from __future__ import annotations

from statistics import NormalDist
from typing import Final

import numpy as np

from models.calibration.errors_of_scores import errors_of_scores
from models.calibration.forward_scores import ForwardScores
from models.calibration.interval import LEVEL, RateInterval
from models.calibration.kinds import Calibration
from models.calibration.levels import levels
from models.calibration.periods import next_shift

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

    Two things keep the rate from being the probability. Scores may be too steep or too flat: how much, and
    how sure that is, forward folds tell. And a whole period may be off, since the model learned its level
    from so many leads and no more, and since the world changes: how far it was on each fold tells. The
    interval lies about the corrected rate, and is drawn out to hold the probability itself.

    None with a single fold, or where all leads had one outcome: nobody has seen two periods then.
    """
    if len(np.unique(told.fold)) < FEWEST_FOLDS or not told.has_both_outcomes:
        return None
    scores = calibration.log_odds(told.raw)
    at = np.linspace(scores.min() - BEYOND, scores.max() + BEYOND, KNOTS)
    error, variance = errors_of_scores(told, scores).at(at)
    shift, chance = levels(told, scores)
    # Folds share early leads, and with them their luck: what their shifts do not show of it is added.
    luck = 1 / (1 / chance).sum()
    half = np.hypot(WIDE * np.sqrt(variance + luck), next_shift(shift, chance, LEVEL))
    # A higher score has no lower end, whatever the slopes say far out.
    low = np.maximum.accumulate(np.minimum(at + error - half, at))
    high = np.minimum.accumulate(np.maximum(at + error + half, at)[::-1])[::-1]
    return RateInterval(level=LEVEL, score=at.tolist(), low=low.tolist(), high=high.tolist())
