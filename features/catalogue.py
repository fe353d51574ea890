"""The catalogue: every kind of feature there is, in one order, and its way to and from JSON."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from types import ModuleType
from typing import Any, Final

from data_checks.errors import BatonError
from features import account_and_market, asset, behaviour, demographic, product_interest, timing
from features.feature import Feature, Kind
from features.profile import Profile

FAMILIES: Final[tuple[ModuleType, ...]] = (
    demographic,
    behaviour,
    asset,
    product_interest,
    timing,
    account_and_market,
)


def kinds() -> Iterator[Kind]:
    """Yield every kind of feature: what the families' modules declare, in the order it is written."""
    for module in FAMILIES:
        yield from (found for found in vars(module).values() if isinstance(found, Kind))


def declared_features(profile: Profile) -> tuple[Feature, ...]:
    """Return the features that a profile gives rise to, in the order of the catalogue.

    Raises:
        BatonError: A feature is left out that there is not.
    """
    every = _with_own_names([feature for kind in kinds() for feature in kind.declared(profile)])
    left_out = frozenset(profile.settings.left_out)
    if unknown := sorted(left_out - {feature.name for feature in every}):
        raise BatonError(
            "features.left_out names features of the catalogue",
            ", ".join(map(repr, unknown)),
            "correct the name in params.yaml" + _nearest(unknown[0], [feature.name for feature in every]),
        )
    return tuple(feature for feature in every if feature.name not in left_out)


def feature_from_json(data: Mapping[str, Any], profile: Profile) -> Feature:
    """Return the feature that `Feature.to_json` wrote.

    Raises:
        BatonError: The catalogue has no such feature.
    """
    try:
        kind = next(kind for kind in kinds() if kind.key == data["kind"])
        case = next(case for case in kind.each(profile) if case == data["case"])
        found = {feature.label: feature for feature in kind.columns(profile, case)}
        feature = replace(found[data.get("label")], name=data["name"])
    except (KeyError, TypeError, StopIteration) as fault:
        raise _unknown(data) from fault
    if feature.to_json() != data:
        raise _unknown(data)
    return feature


def _unknown(data: Mapping[str, Any]) -> BatonError:
    return BatonError(
        "a feature is one of the catalogue's kinds",
        repr(dict(data)),
        "use the version of Baton that wrote it, or train again",
    )


def _nearest(name: str, known: list[str]) -> str:
    found = get_close_matches(name, known, n=1)
    return f", perhaps to {found[0]!r}" if found else ""


def _with_own_names(features: Sequence[Feature]) -> list[Feature]:
    """Return the features with a short hash at the end of each name that more than one would bear.

    Labels that differ by a sign only (``Email Opened``, ``email_opened``) would give one name.
    """
    uses = Counter(feature.name for feature in features)
    return [
        feature
        if uses[feature.name] == 1
        else replace(feature, name=f"{feature.name}_{_mark(feature.sentence)}")
        for feature in features
    ]


def _mark(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:4]
