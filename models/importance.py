"""What drives qualification: how much each feature and each family moves scores, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from features.feature_set import FeatureSet
from models.paired import mean_intervals
from models.training_rows import TrainingRows

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Importance:
    """The mean absolute effect of a feature on the probability, over leads, in probability points.

    ``low`` and ``high`` are the ends of its 95 % interval.
    """

    feature: str
    family: str
    sentence: str
    effect: float
    low: float
    high: float


@dataclass(frozen=True)
class FamilyImportance:
    """The mean absolute effect that the features of a family have together: they may cancel out."""

    family: str
    features: int
    effect: float
    low: float
    high: float


def importances(
    features: FeatureSet, rows: TrainingRows, effect: Floats, seed: int
) -> tuple[Importance, ...]:
    """Return the importance of every feature that has any, the strongest first.

    ``effect`` are the effects of the rows (`models.explanation.effects`). Leads are drawn by the seed.
    """
    figures = zip(*(part.tolist() for part in _figures(np.abs(effect), rows, seed)), strict=True)
    found = (
        Importance(feature.name, feature.family, feature.sentence, *one)
        for feature, one in zip(features.features, figures, strict=True)
    )
    return tuple(sorted((one for one in found if one.effect > 0), key=lambda one: (-one.effect, one.feature)))


def family_importances(
    features: FeatureSet, rows: TrainingRows, effect: Floats, seed: int
) -> tuple[FamilyImportance, ...]:
    """Return the importance of each family, the strongest first; the same leads are drawn as for features."""
    of = np.array([feature.family for feature in features.features])
    names, counts = np.unique(of, return_counts=True)
    sums = np.column_stack([effect[:, of == name].sum(axis=1) for name in names])
    figures: Iterable[list[float]] = np.column_stack(_figures(np.abs(sums), rows, seed)).tolist()
    told = zip(names.tolist(), counts.tolist(), figures, strict=True)
    found = (FamilyImportance(name, count, *one) for name, count, one in told)
    return tuple(sorted(found, key=lambda one: (-one.effect, one.family)))


def _figures(moved: Floats, rows: TrainingRows, seed: int) -> tuple[Floats, Floats, Floats]:
    return mean_intervals(moved, rows.weight, rows.lead, seed)
