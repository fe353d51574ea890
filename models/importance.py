"""What drives qualification: how much each feature and family moves scores on average."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from features.feature_set import FeatureSet
from models.calibration import Calibration
from models.explanation import effects
from models.training_rows import TrainingRows

if TYPE_CHECKING:
    from lightgbm import Booster


@dataclass(frozen=True)
class Importance:
    """The mean absolute effect of a feature on the probability, over leads, in probability points."""

    feature: str
    family: str
    sentence: str
    effect: float


def importances(
    booster: Booster, calibration: Calibration, features: FeatureSet, rows: TrainingRows
) -> tuple[Importance, ...]:
    """Return the importance of every feature that has any, the strongest first."""
    contributions = np.asarray(booster.predict(rows.matrix, pred_contrib=True))
    moved = np.abs(effects(contributions, calibration.slope, calibration.intercept))
    mean = np.average(moved, axis=0, weights=rows.weight)
    found = (
        Importance(feature.name, feature.family, feature.sentence, float(effect))
        for feature, effect in zip(features.features, mean, strict=True)
    )
    return tuple(sorted((one for one in found if one.effect > 0), key=lambda one: (-one.effect, one.feature)))
