"""The features of one company, declared from its history, with the fingerprint that a model is bound to."""

from __future__ import annotations

import difflib
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data_checks.errors import BatonError
from features.catalogue import declared_features, feature_from_json
from features.feature import Feature
from features.profile import Profile
from features.records import Records, Snapshots, by_blocks
from features.reference import Reference
from features.settings import FeatureSettings
from features.view import View
from features.vocabulary import Vocabulary


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
    def fingerprint(self) -> str:
        """SHA-256 of everything that the values of the features depend on."""
        return hashlib.sha256(json.dumps(self.to_json(), sort_keys=True).encode()).hexdigest()

    def matrix(self, records: Records, snapshots: Snapshots, reference: Reference) -> NDArray[np.float64]:
        """Return the features of the snapshots: float64 of shape (snapshots, features), NaN is missing.

        One function for a lead, a batch and a partition: a snapshot's row depends on its own lead's
        records and the reference alone, so it is the same to the last bit in any company.
        """
        return by_blocks(partial(self._block, reference=reference), records, snapshots)

    def _block(self, records: Records, snapshots: Snapshots, reference: Reference) -> NDArray[np.float64]:
        view = View(records, snapshots, self.profile, reference)
        rows = np.empty((len(snapshots), len(self.features)), np.float64)
        for column, feature in enumerate(self.features):
            rows[:, column] = feature.values(view)
            if feature.categorical:
                rows[rows[:, column] < 0, column] = np.nan
        return rows

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
            absent=frozenset(data["absent"]),
        )
        return cls(tuple(feature_from_json(feature) for feature in data["features"]), profile)


def _lines(feature_set: FeatureSet) -> list[str]:
    data = feature_set.to_json()
    return [
        *(json.dumps(feature) for feature in data.pop("features")),
        *(f"{name}: {json.dumps(value, sort_keys=True)}" for name, value in sorted(data.items())),
    ]
