"""The catalogue: every kind of feature there is, in one order, and its way to and from JSON."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Any, Final

from data_checks.errors import BatonError
from features import asset, behaviour, demographic, market, product_interest, timing
from features.feature import Feature
from features.profile import Profile

FAMILIES: Final[tuple[ModuleType, ...]] = (demographic, behaviour, asset, product_interest, timing, market)


def kinds() -> Iterator[type[Feature]]:
    """Yield every kind of feature: the classes of the families' modules, in the order they are written."""
    for module in FAMILIES:
        for kind in vars(module).values():
            if inspect.isclass(kind) and issubclass(kind, Feature) and kind.__module__ == module.__name__:
                yield kind


def declared_features(profile: Profile) -> tuple[Feature, ...]:
    """Return the features that a profile gives rise to, in the order of the catalogue.

    Raises:
        BatonError: Two features would bear the same name.
    """
    features = tuple(
        feature
        for kind in kinds()
        if kind.needs not in profile.absent
        for feature in kind.declared(profile)
        if feature.name not in profile.settings.left_out
    )
    seen: dict[str, Feature] = {}
    for feature in features:
        if (other := seen.setdefault(feature.name, feature)) is not feature:
            raise BatonError(
                "every feature has a name of its own",
                f"{feature.name!r} for both {other} and {feature}",
                "rename the column or the value in the mapping, or put the name under features.left_out",
            )
    return features


def feature_from_json(data: Mapping[str, Any]) -> Feature:
    """Return the feature that `Feature.to_json` wrote.

    Raises:
        BatonError: The catalogue has no such kind of feature.
    """
    by_name = {kind.__name__: kind for kind in kinds()}
    fields = {name: value for name, value in data.items() if name != "kind"}
    try:
        return by_name[data["kind"]](**fields)
    except (KeyError, TypeError) as fault:
        raise BatonError(
            "a feature is one of the catalogue's kinds",
            repr(dict(data)),
            "use the version of Baton that wrote it, or train again",
        ) from fault
