"""What the lead does: activities by kind and direction, how many, how lately, and which way it goes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import numpy as np

from features.feature import Case, Values, feature
from features.profile import Profile
from features.settings import HALF_LIVES
from features.view import ANSWER, ANY, View

WAYS: Final = ("activity_type", "direction", "type_and_direction")
"""The columns that part activities by what was done and by whom."""

RUN: Final = 7
"""How many days, or weeks, in a row are counted."""


def windows(profile: Profile) -> Iterable[Case]:
    """One for each window of the settings and one for the whole past."""
    return ({"window": days} for days in (*profile.settings.windows_days, None))


def longer_windows(profile: Profile) -> Iterable[Case]:
    """One for each window longer than a day and one for the whole past."""
    return (case for case in windows(profile) if case["window"] is None or case["window"] > 1)


def doubled_windows(profile: Profile) -> Iterable[Case]:
    """One for each window longer than a day of which twice the length can be looked back."""
    return (case for case in windows(profile) if case["window"] and 1 < case["window"] <= 180)


def columns(profile: Profile) -> Iterable[Case]:
    """One for each way to part activities that the history knows."""
    return ({"column": column} for column in WAYS if profile.activity_labels(column))


def columns_and_windows(profile: Profile) -> Iterable[Case]:
    """One for each way to part activities and each window."""
    return ({**case, **window} for case in columns(profile) for window in windows(profile))


def columns_and_doubled_windows(profile: Profile) -> Iterable[Case]:
    """One for each way to part activities and each window that can be doubled."""
    return ({**case, **window} for case in columns(profile) for window in doubled_windows(profile))


def half_lives(profile: Profile) -> Iterable[Case]:
    """One for each half-life of the settings."""
    return ({"half_life": days} for days in profile.settings.half_lives_days)


def columns_and_half_lives(profile: Profile) -> Iterable[Case]:
    """One for each way to part activities and each half-life."""
    return ({**case, **half} for case in columns(profile) for half in half_lives(profile))


def labels(profile: Profile, column: str, **_: object) -> Mapping[str, str]:
    """Return the labels of an activity column, one column of the data each, and how they are written."""
    return profile.vocabularies[f"activities.{column}"].shown


@feature(
    "behaviour",
    "{column}{label}_count{window}",
    "How many {label} activities {window}",
    needs="activities",
    each=columns_and_windows,
    labels=labels,
)
def activity_count(view: View, column: str, window: float | None) -> Values:
    """Return how many activities of each label there were in a window."""
    return view.activity_counts(column, window)


@feature(
    "behaviour",
    "any_activity_count{window}",
    "How many activities of any kind {window}",
    needs="activities",
    each=windows,
)
def any_activity_count(view: View, window: float | None) -> Values:
    """Return how many activities of any kind there were in a window."""
    return view.activity_total(window)


@feature(
    "behaviour",
    "days_since_{column}{label}",
    "Days since the latest {label} activity",
    needs="activities",
    each=columns,
    labels=labels,
)
def activity_age(view: View, column: str) -> Values:
    """Return how long ago the latest activity of each label was; NaN where there was none."""
    return view.activity_ages(column)


@feature(
    "behaviour", "days_since_any_activity", "Days since the latest activity of any kind", needs="activities"
)
def any_activity_age(view: View) -> Values:
    """Return how long ago the latest activity of any kind was; NaN where there was none."""
    return view.activity_ages(ANY)[:, 0]


@feature(
    "behaviour",
    "active_days{window}",
    "How many days of activity began {window}",
    needs="activities",
    each=longer_windows,
)
def active_days(view: View, window: float | None) -> Values:
    """Return on how many days something happened; a day counts from its first known activity on."""
    return view.first_seen("day", window)


@feature(
    "behaviour",
    "active_days_in_a_row",
    f"Days in a row with an activity, up to now (at most {RUN})",
    needs="activities",
)
def active_days_in_a_row(view: View) -> Values:
    """Return how many spans of 24 hours, counted back from the moment, each had an activity."""
    return _in_a_row(view, [1.0 * span for span in range(1, RUN + 1)])


@feature(
    "behaviour",
    "active_weeks_in_a_row",
    f"Weeks in a row with an activity, up to now (at most {RUN})",
    needs="activities",
)
def active_weeks_in_a_row(view: View) -> Values:
    """Return how many spans of seven days, counted back from the moment, each had an activity."""
    return _in_a_row(view, [7.0 * span for span in range(1, RUN + 1)])


@feature(
    "behaviour",
    "any_activity_trend{window}",
    "Activities {window} less those in as many days before",
    needs="activities",
    each=doubled_windows,
)
def any_activity_trend(view: View, window: float) -> Values:
    """Return this window's activities less those of the window before."""
    near, both = (view.activity_total(days) for days in (window, 2 * window))
    return 2 * near - both


@feature(
    "behaviour",
    "{column}{label}_trend{window}",
    "{label} activities {window} less those in as many days before",
    needs="activities",
    each=columns_and_doubled_windows,
    labels=labels,
)
def activity_trend(view: View, column: str, window: float) -> Values:
    """Return this window's activities of each label less those of the window before."""
    near, both = (view.activity_counts(column, days) for days in (window, 2 * window))
    return 2 * near - both


@feature(
    "behaviour",
    "{column}{label}_intensity_{half_life}d",
    "{label} activities so far, each counting half as much for every {half_life} days since",
    needs="activities",
    each=columns_and_half_lives,
    labels=labels,
)
def activity_intensity(view: View, column: str, half_life: float) -> Values:
    """Return the activities of each label, older ones fading."""
    return _faded([view.activity_counts(column, days) for days in _steps(half_life)])


@feature(
    "behaviour",
    "any_activity_intensity_{half_life}d",
    "Activities so far, each counting half as much for every {half_life} days since",
    needs="activities",
    each=half_lives,
)
def any_activity_intensity(view: View, half_life: float) -> Values:
    """Return the activities of any kind, older ones fading."""
    return _faded([view.activity_total(days) for days in _steps(half_life)])


def has_outbound(profile: Profile) -> Iterable[Case]:
    """Once, if the history tells which activities were ours."""
    return ({},) if "outbound" in profile.activity_labels("direction") else ()


def windows_of_answers(profile: Profile) -> Iterable[Case]:
    """One for each longer window, if the history tells which activities were ours."""
    return longer_windows(profile) if has_outbound(profile) else ()


@feature(
    "behaviour",
    "answers_count{window}",
    "How often the lead did something within three days of our call or mail, {window}",
    needs="activities",
    each=windows_of_answers,
)
def answers_count(view: View, window: float | None) -> Values:
    """Return how many activities of the lead followed one of ours."""
    return view.activity_counts(ANSWER, window)[:, 0]


@feature(
    "behaviour",
    "answers_per_contact",
    "What the lead did within three days of our calls and mails, for each of them",
    needs="activities",
    each=has_outbound,
)
def answers_per_contact(view: View) -> Values:
    """Return answers for each outbound activity; NaN while there was none."""
    outbound = view.profile.activity_labels("direction").index("outbound")
    contacts = view.activity_counts("direction", None)[:, outbound]
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(contacts > 0, view.activity_counts(ANSWER, None)[:, 0] / contacts, np.nan)


def _steps(half_life: float) -> list[float]:
    return [half_life * (step + 1) for step in range(HALF_LIVES)]


def _faded(counts: Sequence[Values]) -> Values:
    """Weigh counts in growing windows: an activity weighs 1 in the first, and half as much in each next.

    The weights are powers of two and the counts whole, so that the sum is exact in any order.
    """
    weights = [0.5**step for step in range(len(counts))]
    lost = [*(weight - weight / 2 for weight in weights[:-1]), weights[-1]]
    return np.sum([weight * count for weight, count in zip(lost, counts, strict=True)], axis=0)


def _in_a_row(view: View, spans: Sequence[float]) -> Values:
    counts = np.array([view.activity_total(span) for span in spans])
    counts[1:] -= counts[:-1].copy()
    return np.cumprod(counts > 0, axis=0).sum(axis=0)
