"""The features of one company, declared from its history, with the fingerprint that a model is bound to."""

from __future__ import annotations

import difflib
import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data_checks.errors import BatonError
from data_checks.sla import WorkingHours
from features.catalogue import declared_features, feature_from_json
from features.feature import Feature, Monotone
from features.from_inputs import records_from_inputs
from features.profile import Profile
from features.records import Records, Snapshots, by_blocks
from features.reference import Reference
from features.settings import FeatureSettings
from features.view import View, windows_asked
from features.vocabulary import Vocabulary
from features.windowed import Days


@dataclass(frozen=True)
class FeatureSet:
    """An ordered list of features and the profile they are read with."""

    features: tuple[Feature, ...]
    profile: Profile

    @classmethod
    def declare(cls, profile: Profile) -> FeatureSet:
        """Return all features that the profile gives rise to."""
        return cls(declared_features(profile), profile)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The features' names, in the order of the matrix's columns."""
        return tuple(feature.name for feature in self.features)

    @cached_property
    def categorical(self) -> tuple[str, ...]:
        """The names of the features whose values are codes."""
        return tuple(feature.name for feature in self.features if feature.categorical)

    @cached_property
    def monotone(self) -> dict[str, Monotone]:
        """The direction of each feature that has one declared."""
        told = ((feature.name, feature.kind.monotone) for feature in self.features)
        return {name: direction for name, direction in told if direction is not None}

    def without(self, names: Collection[str]) -> FeatureSet:
        """Return the set without some features."""
        return FeatureSet(tuple(one for one in self.features if one.name not in names), self.profile)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of everything that the values of the features depend on; a direction is no part of it."""
        return hashlib.sha256(json.dumps(self.to_json(), sort_keys=True).encode()).hexdigest()

    def matrix(self, records: Records, snapshots: Snapshots, reference: Reference) -> NDArray[np.float64]:
        """Return the features of the snapshots: float64 of shape (snapshots, features), NaN is missing.

        One function for a lead, a batch and a partition: a snapshot's row depends on its own lead's
        records and the reference alone, so it is the same to the last bit in any company.
        """
        if len(records) == 1:
            return self._block(records, snapshots, reference)
        return by_blocks(partial(self._block, reference=reference), records, snapshots)

    def _block(self, records: Records, snapshots: Snapshots, reference: Reference) -> NDArray[np.float64]:
        view = View(records, snapshots, self.profile, reference, self._windows)
        rows = np.empty((len(snapshots), len(self.features)), np.float64)
        for group in self._groups:
            values = group.compute(view)
            rows[:, group.columns] = values if values.ndim == 1 else values[:, group.positions]
        coded = rows[:, self._categorical_columns]
        rows[:, self._categorical_columns] = np.where(coded < 0, np.nan, coded)
        return rows

    @cached_property
    def _windows(self) -> Mapping[str, Collection[Days]]:
        """The windows in which the features count activities, found by asking them of no lead at all."""
        nothing_known = Reference.of_nothing(self.profile.settings.known_rates)
        view = View(*records_from_inputs(()), self.profile, nothing_known)
        for group in self._groups:
            group.compute(view)
        return windows_asked(view)

    @cached_property
    def _groups(self) -> tuple[_Group, ...]:
        """The features of one kind and case, which are computed together."""
        places: dict[tuple[str, str], list[int]] = defaultdict(list)
        for place, feature in enumerate(self.features):
            places[feature.kind.key, json.dumps(feature.case)].append(place)
        return tuple(_Group.of(self.features, found) for found in places.values())

    @cached_property
    def _categorical_columns(self) -> list[int]:
        return [place for place, feature in enumerate(self.features) if feature.categorical]

    def require(self, other: FeatureSet) -> None:
        """Refuse a feature set that is not this one.

        Raises:
            BatonError: The features differ; the message holds the difference.
        """
        if self.fingerprint != other.fingerprint:
            difference = "\n".join(
                difflib.unified_diff(_lines(self), _lines(other), "expected", "found", lineterm="")
            )
            raise BatonError(
                "a model is used with the features it was built for",
                f"another feature set:\n{difference}",
                "build the bundle again with `dvc repro`",
            )

    def to_json(self) -> dict[str, Any]:
        """Return the feature set as JSON."""
        profile = self.profile
        return {
            "features": [feature.to_json() for feature in self.features],
            "settings": profile.settings.model_dump(mode="json"),
            "columns": dict(profile.columns),
            "scales": dict(profile.scales),
            "scale_labels": {name: list(labels) for name, labels in profile.scale_labels.items()},
            "vocabularies": {name: known.to_json() for name, known in profile.vocabularies.items()},
            "unused_activity_types": list(profile.unused_activity_types),
            "stage_of": dict(profile.stage_of),
            "working_hours": profile.working_hours.model_dump(mode="json"),
            "has_accounts": profile.has_accounts,
            "absent": sorted(profile.absent),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> FeatureSet:
        """Read what `to_json` wrote."""
        profile = Profile(
            settings=FeatureSettings.model_validate(data["settings"]),
            columns=data["columns"],
            scales=data["scales"],
            scale_labels={name: tuple(labels) for name, labels in data["scale_labels"].items()},
            vocabularies={name: Vocabulary.from_json(known) for name, known in data["vocabularies"].items()},
            unused_activity_types=tuple(data["unused_activity_types"]),
            stage_of=data["stage_of"],
            working_hours=WorkingHours.model_validate(data["working_hours"]),
            has_accounts=data["has_accounts"],
            absent=frozenset(data["absent"]),
        )
        return cls(tuple(feature_from_json(feature, profile) for feature in data["features"]), profile)


@dataclass(frozen=True)
class _Group:
    """Features that one call computes: where they go, and what they are of what is computed."""

    compute: Callable[[View], NDArray[Any]]
    columns: list[int] | slice | int
    positions: list[int] | slice

    @classmethod
    def of(cls, features: Sequence[Feature], places: list[int]) -> _Group:
        first = features[places[0]]
        compute = partial(first.kind.compute, **first.case)
        if first.label is None:
            return cls(compute, places[0], slice(None))
        return cls(compute, _run(places), _run([features[place].position for place in places]))


def _run(places: list[int]) -> list[int] | slice:
    """Return the places as a slice if they follow each other, which is much faster to copy."""
    together = places == list(range(places[0], places[0] + len(places)))
    return slice(places[0], places[0] + len(places)) if together else places


def _lines(feature_set: FeatureSet) -> list[str]:
    data = feature_set.to_json()
    return [
        *(json.dumps(feature) for feature in data.pop("features")),
        *(f"{name}: {json.dumps(value, sort_keys=True)}" for name, value in sorted(data.items())),
    ]
