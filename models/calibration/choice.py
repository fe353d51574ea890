"""Which calibration is used: one that holds forward in time, and the plainest that is as good as the best."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from models.calibration.form import Floats
from models.calibration.forward_scores import ForwardScores
from models.calibration.kinds import FITS, Calibration
from models.calibration.levels import levelled
from models.calibration.none import NoCalibration
from models.paired import losses, mean_and_error

AS_GOOD: Final = 1.0
"""A plainer calibration that is worse by no more standard errors is as good (Breiman's rule)."""


def chosen_calibration(told: ForwardScores) -> Calibration:
    """Return the calibration that lowers log-loss forward in time, none winning ties.

    Each candidate is fitted on all earlier folds and judged on the next, fold after fold. Only if it
    helped each time is it thought of at all: where the base rate drifts, one lucky fold proves nothing. Of
    those left, the plainest is taken that loses no more than the best by one standard error over leads; to
    leave the scores as they are is the plainest of all. It is then fitted on all folds. All of this looks at
    the shape of the scores, not at their level (`models.calibration.levels`).
    """
    if not all(told[rows].has_both_outcomes for rows in told.folds):
        return NoCalibration()
    told = levelled(told)
    later = told.folds[1:]
    tried = [_losses(told[told.fold < told.fold[rows][0]], told[rows]) for rows in later]
    if not tried:
        return NoCalibration()
    lost = {
        name: np.concatenate([one[name] for one in tried])
        for name in tried[0]
        if all(name in one for one in tried)
    }
    weight, lead = (np.concatenate([side[rows] for rows in later]) for side in (told.weight, told.lead))
    best = min(lost.values(), key=lambda one: float(one @ weight))
    name = next(name for name, one in lost.items() if _is_as_good(one - best, weight, lead))
    fitted = FITS[name](told.raw, told.label, told.weight) if name in FITS else None
    return fitted or NoCalibration()


def _losses(early: ForwardScores, later: ForwardScores) -> Mapping[str, Floats]:
    """Return the losses on the later rows: those of the plain score first, then those of all that helps."""
    plain = losses(NoCalibration().probability(later.raw), later.label)
    found = {"none": plain}
    for name, fit in FITS.items():
        form = fit(early.raw, early.label, early.weight)
        lost = plain if form is None else losses(form.probability(later.raw), later.label)
        if lost @ later.weight < plain @ later.weight:
            found[name] = lost
    return found


def _is_as_good(more: Floats, weight: Floats, lead: NDArray[np.int64]) -> bool:
    mean, error = mean_and_error(more, weight, lead)
    return mean <= AS_GOOD * error
