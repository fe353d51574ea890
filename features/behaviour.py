"""What the lead does: activities by kind and direction, how many, how lately, and which way it goes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from features.feature import Feature, in_window, snake
from features.profile import Profile
from features.view import View


@dataclass(frozen=True)
class ActivityCount(Feature):
    """How many activities of one kind there were in a window."""

    column: str
    label: str
    window_days: float | None

    family = "behaviour"
    needs = "activities"

    @classmethod
    def declared(cls, profile: Profile) -> Iterable[Self]:
        """One for each activity type, each direction and each window."""
        for column in ("activity_type", "direction"):
            for label in profile.activity_labels(column):
                for window in (*profile.settings.windows_days, None):
                    yield cls(column, label, window)

    @property
    def name(self) -> str:
        """Label and window."""
        return f"{_subject(self.column, self.label)}_count{suffix(self.window_days)}"

    @property
    def sentence(self) -> str:
        """What the number means."""
        kind = f"{self.label!r} activities" if self.column == "activity_type" else f"{self.label} activities"
        return f"How many {kind} {in_window(self.window_days)}"

    def values(self, view: View) -> NDArray[Any]:
        """Return the counts."""
        labels = view.profile.activity_labels(self.column)
        return view.activity_counts(self.column, self.window_days)[:, labels.index(self.label)]


@dataclass(frozen=True)
class AllActivityCount(Feature):
    """How many activities of any kind there were in a window."""

    window_days: float | None

    family = "behaviour"
    needs = "activities"

    @classmethod
    def declared(cls, profile: Profile) -> Iterable[Self]:
        """One for each window."""
        return (cls(window) for window in (*profile.settings.windows_days, None))

    @property
    def name(self) -> str:
        """The window."""
        return f"any_activity_count{suffix(self.window_days)}"

    @property
    def sentence(self) -> str:
        """What the number means."""
        return f"How many activities of any kind {in_window(self.window_days)}"

    def values(self, view: View) -> NDArray[Any]:
        """Return the counts."""
        return view.all_activity_counts(self.window_days)


@dataclass(frozen=True)
class ActivityAge(Feature):
    """How long ago the latest activity of one kind was."""

    column: str
    label: str

    family = "behaviour"
    needs = "activities"

    @classmethod
    def declared(cls, profile: Profile) -> Iterable[Self]:
        """One for each activity type and each direction."""
        for column in ("activity_type", "direction"):
            for label in profile.activity_labels(column):
                yield cls(column, label)

    @property
    def name(self) -> str:
        """Label and what is taken of it."""
        return f"days_since_{_subject(self.column, self.label)}"

    @property
    def sentence(self) -> str:
        """What the number means."""
        return f"Days since the latest {self.label!r} activity"

    def values(self, view: View) -> NDArray[Any]:
        """Return the days; NaN where there was none."""
        labels = view.profile.activity_labels(self.column)
        return view.activity_ages(self.column)[:, labels.index(self.label)]


@dataclass(frozen=True)
class AnyActivityAge(Feature):
    """How long ago the latest activity of any kind was."""

    family = "behaviour"
    needs = "activities"

    @classmethod
    def declared(cls, profile: Profile) -> Iterable[Self]:  # noqa: ARG003 - it needs nothing of the profile
        """Always one."""
        yield cls()

    @property
    def name(self) -> str:
        """What is taken."""
        return "days_since_any_activity"

    @property
    def sentence(self) -> str:
        """What the number means."""
        return "Days since the latest activity of any kind"

    def values(self, view: View) -> NDArray[Any]:
        """Return the days; NaN where there was none."""
        return view.any_activity_age


@dataclass(frozen=True)
class ActiveDays(Feature):
    """On how many different days something happened."""

    window_days: float | None

    family = "behaviour"
    needs = "activities"

    @classmethod
    def declared(cls, profile: Profile) -> Iterable[Self]:
        """One for each window longer than a day, and one for the whole past."""
        windows = (window for window in profile.settings.windows_days if window > 1)
        return (cls(window) for window in (*windows, None))

    @property
    def name(self) -> str:
        """The window."""
        return f"active_days{suffix(self.window_days)}"

    @property
    def sentence(self) -> str:
        """What the number means."""
        return f"How many days of activity began {in_window(self.window_days)}"

    def values(self, view: View) -> NDArray[Any]:
        """Return the days; a day counts from its first known activity on."""
        return view.distinct_counts("day", self.window_days)


@dataclass(frozen=True)
class ActivityTrend(Feature):
    """This window against the one before it."""

    window_days: float

    family = "behaviour"
    needs = "activities"

    @classmethod
    def declared(cls, profile: Profile) -> Iterable[Self]:
        """One for each window of which twice the length can be looked back."""
        return (cls(window) for window in profile.settings.windows_days if 1 < window <= 180)

    @property
    def name(self) -> str:
        """The window."""
        return f"any_activity_trend{suffix(self.window_days)}"

    @property
    def sentence(self) -> str:
        """What the number means."""
        return f"Activities {in_window(self.window_days)} less those in as many days before"

    def values(self, view: View) -> NDArray[Any]:
        """Return the difference of the counts."""
        near, both = (view.all_activity_counts(days) for days in (self.window_days, 2 * self.window_days))
        return np.asarray(2 * near - both)


def _subject(column: str, label: str) -> str:
    """Name a label, so that an activity type and a direction of one name stay apart."""
    return snake(label) if column == "activity_type" else f"{column}_{snake(label)}"


def suffix(window_days: float | None) -> str:
    """Return the window as the end of a name.

    >>> suffix(7), suffix(0.5), suffix(None)
    ('_7d', '_0_5d', '')
    """
    return "" if window_days is None else f"_{window_days:g}d".replace(".", "_")
