"""What goes with each value of a feature: how many leads, which share reached the target, what effect."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from features.feature import Feature
from features.feature_set import FeatureSet
from models.bands import cuts_of, labels_of, places_of
from models.intervals import Z, means_by_group, rate_interval
from models.training_rows import TrainingRows

FEW: Final = 20
"""With fewer leads than these, a rate says next to nothing: reasons withhold it."""

MOST_ROWS: Final = 20_000
"""Bands and effects are found on at most so many rows, of whole leads drawn by the seed; rates on all."""

Explain = Callable[[NDArray[np.float64]], NDArray[np.float64]]
"""Gives the effects of rows of features: float64 of the same shape, in probability points."""


@dataclass(frozen=True, slots=True)
class Band:
    """Leads alike in one feature.

    Each lead counts once, shared out over the bands it was in at its snapshots: ``leads`` add up to all
    leads. ``rate`` is the share that reached the target in time, ``effect`` the mean effect of the
    feature on the probability; each with a 95 % interval, and None where no lead tells.
    """

    label: str
    leads: int
    rate: float | None
    rate_low: float | None
    rate_high: float | None
    effect: float | None
    effect_low: float | None
    effect_high: float | None

    @property
    def few(self) -> bool:
        """Whether there are too few leads for the rate to say much."""
        return self.leads < FEW


@dataclass(frozen=True)
class FeatureEffect:
    """The bands of one feature: below or at each of the ``cuts``, above them all, and not known."""

    feature: str
    cuts: tuple[float, ...]
    bands: tuple[Band, ...]

    def band(self, value: float) -> Band:
        """Return the band of leads that are like a lead with this value."""
        return self.bands[-1] if value != value else self.bands[bisect_left(self.cuts, value)]  # noqa: PLR0124


@dataclass(frozen=True)
class EffectTable:
    """All features of a model, in its order, over ``leads`` mature leads, ``rate`` of which converted."""

    features: tuple[FeatureEffect, ...] = ()
    leads: int = 0
    rate: float = 0.0

    def band(self, column: int, value: float) -> Band | None:
        """Return the leads that are like one with this value; None if no table was made."""
        return self.features[column].band(value) if self.features else None

    def to_json(self) -> dict[str, Any]:
        """Return the table as JSON; a band is a list, in the order of its fields."""
        return {
            "leads": self.leads,
            "rate": self.rate,
            "features": {
                one.feature: {"cuts": list(one.cuts), "bands": [_listed(band) for band in one.bands]}
                for one in self.features
            },
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any], names: tuple[str, ...]) -> EffectTable:
        """Read what `to_json` wrote, for features of these names or for none."""
        told = data["features"]
        features = (
            FeatureEffect(name, tuple(told[name]["cuts"]), tuple(Band(*one) for one in told[name]["bands"]))
            for name in (names if told else ())
        )
        return cls(tuple(features), data["leads"], data["rate"])


def effect_table(features: FeatureSet, rows: TrainingRows, explain: Explain, seed: int) -> EffectTable:
    """Return the table of a model over mature rows; it is the same for the same rows and seed."""
    sample = rows[some_leads(rows.lead, MOST_ROWS, seed)]
    points = explain(sample.matrix)
    _, place, looks = np.unique(rows.lead, return_inverse=True, return_counts=True)
    counted = replace(rows, weight=1.0 / looks[place])
    found = (
        _of_feature(feature, column, counted, sample, points)
        for column, feature in enumerate(features.features)
    )
    return EffectTable(tuple(found), len(looks), _rounded(float(rows.label.mean())) or 0.0)


def some_leads(lead: NDArray[np.int64], most: int, seed: int) -> NDArray[np.intp]:
    """Return the rows of as many leads as have at most so many rows together, drawn by the seed."""
    _, number, rows = np.unique(lead, return_inverse=True, return_counts=True)
    order = np.random.default_rng(seed).permutation(len(rows))
    taken = np.zeros(len(rows), bool)
    taken[order[np.cumsum(rows[order]) <= most]] = True
    return np.flatnonzero(taken[number])


def _of_feature(
    feature: Feature, column: int, rows: TrainingRows, sample: TrainingRows, points: NDArray[np.float64]
) -> FeatureEffect:
    """Return a feature's bands; the weight of a row is the part of a lead that it is."""
    seen = sample.matrix[:, column]
    cuts = cuts_of(feature, seen, sample.weight)
    labels = labels_of(feature, cuts, seen)
    place = places_of(cuts, rows.matrix[:, column])
    leads = np.bincount(place, rows.weight, len(labels)).astype(np.float64)
    won, looks = np.bincount(place, rows.label, len(labels)), np.bincount(place, minlength=len(labels))
    rate = won / np.where(looks > 0, looks, np.nan)
    group = places_of(cuts, seen)
    mean, error = means_by_group(points[:, column], sample.weight, group, sample.lead, len(labels))
    rates = (rate, *rate_interval(rate * leads, leads))
    figures = np.column_stack([*rates, mean, mean - Z * error, mean + Z * error])
    figures[leads == 0] = np.nan
    told = zip(labels, leads.tolist(), figures.tolist(), strict=True)
    bands = (Band(label, round(many), *map(_rounded, row)) for label, many, row in told)
    return FeatureEffect(feature.name, cuts, tuple(bands))


def _rounded(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), 6)


def _listed(band: Band) -> list[Any]:
    return [getattr(band, name) for name in Band.__dataclass_fields__]
