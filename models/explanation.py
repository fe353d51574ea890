"""Why a lead got its score: exact contributions, in probability points, beside what became of leads alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

import numpy as np
from numpy.typing import NDArray

from features.feature_set import FeatureSet
from models.calibration.kinds import Calibration
from models.effect_table import EffectTable

MOST_REASONS: Final = 5
"""At most so many reasons for a lead, and so many against it."""

CANCELLED: Final = 1e-9
"""Contributions that add up to less, in log-odds, move no probability."""

SMALL_STEP: Final = 1e-4

Floats = NDArray[np.float64]

Contribute = Callable[[Floats], Floats]
"""Gives the contributions of rows of features, as `models.contributions` does."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One feature's part in a score: ``effect`` is in probability points (0.08 is eight points up).

    ``alike`` names the values that count as like this lead's, ``leads`` how many mature leads had one,
    and ``rate`` which share of them reached the target; None where they are too few to tell.
    """

    feature: str
    family: str
    text: str
    value: float | str | None
    effect: float
    alike: str | None = None
    leads: int | None = None
    rate: float | None = None


@dataclass(frozen=True, slots=True)
class FamilyEffect:
    """What all features of a family together did to a probability, in points."""

    family: str
    effect: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a probability is what it is.

    The effects of all families add up to the probability less ``base_probability``, the probability of
    the score that the model expects of any lead.
    """

    base_probability: float | None = None
    reasons: tuple[Reason, ...] = ()
    families: tuple[FamilyEffect, ...] = ()


def base_probabilities(contributions: Floats, calibration: Calibration) -> Floats:
    """Return the probability of the expected score, which stands in the last column."""
    return calibration.probability(contributions[:, -1])


def effects(contributions: Floats, calibration: Calibration) -> Floats:
    """Return contributions in probability points: float64 of shape (rows, features).

    ``contributions`` are in raw log-odds with the expected score in the last column
    (`models.model`). They are scaled so that a row's effects add up to its probability less the
    probability of the expected score. Where they cancel out, they are scaled as a small step would be.
    """
    return _points(contributions, calibration, base_probabilities(contributions, calibration))


def _points(contributions: Floats, calibration: Calibration, bases: Floats) -> Floats:
    parts, expected = contributions[:, :-1], contributions[:, -1]
    moved = parts.sum(axis=1)
    flat = np.abs(moved) < CANCELLED
    step = np.where(flat, SMALL_STEP, moved)
    risen = calibration.probability(expected + step) - bases
    return np.asarray(parts * (risen / step)[:, np.newaxis])


class Explainer:
    """Explains scores of one model."""

    def __init__(
        self, features: FeatureSet, alike: EffectTable, contribute: Contribute, calibration: Calibration
    ) -> None:
        self._features, self._alike = features, alike
        self._contribute, self._calibration = contribute, calibration
        families = [feature.family for feature in features.features]
        self._families = tuple(sorted(set(families)))
        self._family = np.array([self._families.index(family) for family in families], np.intp)

    def __call__(self, values: Floats) -> tuple[Explanation, ...]:
        """Return why each row of features got its score; a row's reasons do not depend on its company."""
        if not len(values):
            return ()
        contributions = self._contribute(values)
        bases = base_probabilities(contributions, self._calibration)
        moved = _points(contributions, self._calibration, bases)
        return tuple(
            Explanation(base, self._reasons(row, effect), self._sums(effect))
            for base, row, effect in zip(bases.tolist(), values.tolist(), moved, strict=True)
        )

    def _reasons(self, values: Sequence[float], effect: Floats) -> tuple[Reason, ...]:
        moved: list[float] = effect.tolist()
        return tuple([self._reason(column, values[column], moved[column]) for column in strongest(effect)])

    def _reason(self, column: int, value: float, effect: float) -> Reason:
        feature, band = self._features.features[column], self._alike.band(column, value)
        said = feature.name, feature.family, feature.told(value), feature.shown(value), effect
        return (
            Reason(*said, band.label, band.leads, None if band.few else band.rate) if band else Reason(*said)
        )

    def _sums(self, effect: Floats) -> tuple[FamilyEffect, ...]:
        # Added one after the other: a sum must not depend on how many leads are scored at a time.
        sums = np.bincount(self._family, effect, len(self._families)).tolist()
        found = map(FamilyEffect, self._families, sums)
        return tuple(sorted(found, key=lambda one: (-abs(one.effect), one.family)))


def strongest(effect: Floats, most: int = MOST_REASONS) -> list[int]:
    """Return the columns that moved a score most, up and down, so many of each at most, the strongest first.

    >>> strongest(np.array([0.1, 0.0, -0.3, 0.2]), most=1)
    [2, 3]
    """
    order, moved = np.argsort(-np.abs(effect), kind="stable").tolist(), effect.tolist()
    up = islice((column for column in order if moved[column] > 0), most)
    down = islice((column for column in order if moved[column] < 0), most)
    return sorted([*up, *down], key=order.index)
