"""What the lead took: content, how much of it and how lately."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

from numpy.typing import NDArray

from features.behaviour import suffix
from features.feature import Feature, in_window, snake
from features.profile import Profile
from features.view import View


@dataclass(frozen=True)
class DistinctAssets(Feature):
    """How many different pieces of content were taken."""

    window_days: float | None

    family = "asset"
    needs = "activities"

    @classmethod
    def declared(cls, profile: Profile) -> Iterable[Self]:
        """One for each window of a week or more, if the history names any asset at all."""
        if profile.activity_labels("asset"):
            windows = (window for window in profile.settings.windows_days if window >= 7)
            yield from (cls(window) for window in (*windows, None))

    @property
    def name(self) -> str:
        """The window."""
        return f"distinct_assets{suffix(self.window_days)}"

    @property
    def sentence(self) -> str:
        """What the number means."""
        return f"How many pieces of content were taken for the first time {in_window(self.window_days)}"

    def values(self, view: View) -> NDArray[Any]:
        """Return how many."""
        return view.distinct_counts("asset", self.window_days)


@dataclass(frozen=True)
class AssetCount(Feature):
    """How often one piece of content was taken."""

    asset: str

    family = "asset"
    needs = "activities"

    @classmethod
    def declared(cls, profile: Profile) -> Iterable[Self]:
        """One for each common asset."""
        return (cls(asset) for asset in profile.activity_labels("asset"))

    @property
    def name(self) -> str:
        """The asset."""
        return f"asset_{snake(self.asset)}_count"

    @property
    def sentence(self) -> str:
        """What the number means."""
        return f"How often {self.asset!r} was taken so far"

    def values(self, view: View) -> NDArray[Any]:
        """Return the counts."""
        return view.activity_counts("asset", None)[:, view.profile.activity_labels("asset").index(self.asset)]


@dataclass(frozen=True)
class AssetAge(Feature):
    """How long ago content was last taken."""

    family = "asset"
    needs = "activities"

    @classmethod
    def declared(cls, profile: Profile) -> Iterable[Self]:
        """One, if the history names any asset at all."""
        if profile.activity_labels("asset"):
            yield cls()

    @property
    def name(self) -> str:
        """What is taken."""
        return "days_since_any_asset"

    @property
    def sentence(self) -> str:
        """What the number means."""
        return "Days since any content was last taken"

    def values(self, view: View) -> NDArray[Any]:
        """Return the days; NaN where none was taken."""
        return view.youngest("asset")
