"""Isotonic calibration: whatever rises."""

from __future__ import annotations

from typing import Literal

import numpy as np

from models.calibration.form import Floats
from models.calibration.steps import Steps, centres
from models.metrics import Labels


class Isotonic(Steps):
    """Steps that each mean their own rate.

    Source: Zadrozny and Elkan, Transforming classifier scores into accurate multiclass probability
    estimates, 2002.
    """

    kind: Literal["isotonic"] = "isotonic"


def fit_isotonic(raw: Floats, label: Labels, weight: Floats) -> Isotonic:
    """Pool neighbours until the rate rises from step to step."""
    score, rate, total = pooled(raw, label, weight)
    found = centres(score, rising(rate, total), total)
    return Isotonic(raw=found[0], calibrated=found[1])


def pooled(raw: Floats, label: Labels, weight: Floats) -> tuple[Floats, Floats, Floats]:
    """Return each score that occurs, in rising order, with its rate and its weight."""
    score, place = np.unique(raw, return_inverse=True)
    total = np.bincount(place, weight).astype(np.float64)
    return score, np.bincount(place, weight * label) / total, total


def rising(rate: Floats, weight: Floats) -> Floats:
    """Return what is closest to the rates in squares and does not fall."""
    from sklearn.isotonic import isotonic_regression

    return np.asarray(isotonic_regression(rate, sample_weight=weight))
