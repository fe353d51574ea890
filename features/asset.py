"""What the lead took: content, how much of it, of which kind and how lately."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from features.behaviour import labels
from features.feature import Case, Values, feature
from features.profile import Profile
from features.view import View


def any_asset(profile: Profile) -> Iterable[Case]:
    """Once, if the history names any content at all."""
    return ({},) if profile.activity_labels("asset") else ()


def windows(profile: Profile) -> Iterable[Case]:
    """One for each window of a week or more and one for the whole past, if there is any content."""
    days = [window for window in profile.settings.windows_days if window >= 7]
    return ({"window": window} for _ in any_asset(profile) for window in (*days, None))


def assets(profile: Profile) -> Iterable[Case]:
    """Once, with a column for each common piece of content."""
    return ({"column": "asset"} for _ in any_asset(profile))


def kinds_of_asset(profile: Profile) -> Iterable[Case]:
    """Once, with a column for each kind of content."""
    return ({"column": "asset_kind"},) if profile.activity_labels("asset_kind") else ()


@feature(
    "asset",
    "distinct_assets{window}",
    "How many pieces of content were taken for the first time {window}",
    needs="activities",
    each=windows,
)
def distinct_assets(view: View, window: float | None) -> Values:
    """Return how many different pieces of content were taken."""
    return view.first_seen("asset", window)


@feature(
    "asset",
    "asset_{label}_count",
    "How often {label} was taken so far",
    needs="activities",
    each=assets,
    labels=labels,
)
def asset_count(view: View, column: str) -> Values:
    """Return how often each piece of content was taken."""
    return view.activity_counts(column, None)


@feature(
    "asset",
    "kind_{label}_count",
    "How often content of the kind {label} was taken so far",
    needs="activities",
    each=kinds_of_asset,
    labels=labels,
)
def kind_count(view: View, column: str) -> Values:
    """Return how often each kind of content was taken."""
    return view.activity_counts(column, None)


@feature(
    "asset",
    "days_since_kind_{label}",
    "Days since content of the kind {label} was last taken",
    needs="activities",
    each=kinds_of_asset,
    labels=labels,
)
def kind_age(view: View, column: str) -> Values:
    """Return how long ago each kind of content was last taken; NaN where it never was."""
    return view.activity_ages(column)


@feature(
    "asset",
    "days_since_any_asset",
    "Days since any content was last taken",
    needs="activities",
    each=any_asset,
)
def any_asset_age(view: View) -> Values:
    """Return how long ago content was last taken; NaN where none was."""
    return np.fmin.reduce(view.activity_ages("asset"), axis=1)
