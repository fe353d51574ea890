"""Why a lead got its score: exact tree contributions, in probability points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from features.feature_set import FeatureSet
from models.log_odds import probability_of

MOST_REASONS: Final = 5


@dataclass(frozen=True, slots=True)
class Reason:
    """One feature's part in a score: ``effect`` is in probability points (0.08 is eight points up)."""

    feature: str
    family: str
    text: str
    value: float | str | None
    effect: float


def effects(contributions: NDArray[np.float64], slope: float, intercept: float) -> NDArray[np.float64]:
    """Return contributions in probability points: float64 of shape (rows, features).

    ``contributions`` are TreeSHAP values in log-odds with the expected score in the last column
    (Lundberg et al., From local explanations to global understanding with explainable AI for trees,
    2020). They are scaled so that a row's effects add up to its probability less the probability of
    the expected score.
    """
    parts, expected = contributions[:, :-1] * slope, contributions[:, -1] * slope + intercept
    moved = parts.sum(axis=1)
    start = probability_of(expected)
    steep = start * (1 - start)
    flat = np.abs(moved) < 1e-9
    scale = np.where(flat, steep, (probability_of(expected + moved) - start) / np.where(flat, 1.0, moved))
    return np.asarray(parts * scale[:, np.newaxis])


def reasons_of(
    features: FeatureSet, values: NDArray[np.float64], effect: NDArray[np.float64], most: int = MOST_REASONS
) -> tuple[Reason, ...]:
    """Return the strongest reasons for one lead, the strongest first; none that had no effect."""
    order = np.lexsort((np.arange(len(effect)), -np.abs(effect)))[:most]
    chosen = ((features.features[column], float(values[column]), float(effect[column])) for column in order)
    return tuple(
        Reason(
            feature.name,
            feature.family,
            feature.told(value),
            feature.shown(value),
            points,
        )
        for feature, value, points in chosen
        if points
    )
