"""When: how old the lead is, how long it has stood where it stands, and when it arrived."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np

from data_checks.stages import STAGE_NAMES, StageName
from features.feature import Case, Texts, Values, feature
from features.moments import DAY, HOUR, NEVER
from features.profile import Profile
from features.timeline import LONGEST_WINDOW
from features.view import ANY, View

RETURNS: Final[tuple[StageName, ...]] = ("recycled", "disqualified")
"""Stages from which a lead may come back, so that having been there says something."""


def stages(profile: Profile) -> Texts:  # noqa: ARG001 - stages are the same everywhere
    """Return the stages of the revenue cycle and its detours."""
    return STAGE_NAMES


def returns(profile: Profile) -> Iterable[Case]:
    """One for each stage that a lead may come back from, if the CRM has it."""
    return ({"stage": stage} for stage in RETURNS if stage in profile.stage_of.values())


@feature("timing", "lead_age_days", "Days since the lead was created")
def lead_age(view: View) -> Values:
    """Return how long the lead has been known."""
    return view.age_days()


@feature("timing", "arrival_hour", "Hour of the day at which the lead arrived, on the office's clocks")
def arrival_hour(view: View) -> Values:
    """Return the hour, 0 to 23."""
    return np.where(view.created() == NEVER, np.nan, view.arrival() // HOUR % 24)


@feature("timing", "arrival_weekday", "Day of the week on which the lead arrived (0 is Monday)")
def arrival_weekday(view: View) -> Values:
    """Return the day of the week, 0 to 6."""
    # 1970-01-01 was a Thursday.
    return np.where(view.created() == NEVER, np.nan, (view.arrival() // DAY + 3) % 7)


@feature(
    "timing",
    "working_hours_since_any_activity",
    "Working hours since the latest activity of any kind",
    needs="activities",
)
def working_hours_since_activity(view: View) -> Values:
    """Return the agreed working hours since the latest activity; NaN where there was none."""
    return view.working_hours_since(view.latest_activity(ANY)[:, 0])


@feature("timing", "stage_now", "Stage of the revenue cycle", needs="stage_changes", categories=stages)
def stage_now(view: View) -> Values:
    """Return where the lead stands, as the position among the stages."""
    return view.stage_now()


@feature("timing", "days_in_stage", "Days since the lead last changed its stage", needs="stage_changes")
def days_in_stage(view: View) -> Values:
    """Return how long the lead has stood in its stage, or been there; at most two years."""
    since = view.days_since(view.newest_stage_change())
    return np.where(np.isnan(since), np.minimum(view.age_days(), LONGEST_WINDOW / DAY), since)


@feature(
    "timing",
    "stage_changes_count",
    "How often the lead changed its stage so far",
    needs="stage_changes",
)
def stage_changes_count(view: View) -> Values:
    """Return how many changes to an agreed stage there were."""
    return view.stage_counts().sum(axis=1)


@feature(
    "timing",
    "times_{stage}",
    "How often the lead was {stage} so far",
    needs="stage_changes",
    each=returns,
)
def times_in_stage(view: View, stage: StageName) -> Values:
    """Return how often the lead entered a stage."""
    return view.stage_counts()[:, STAGE_NAMES.index(stage)]


@feature(
    "timing",
    "days_since_{stage}",
    "Days since the lead was last {stage}",
    needs="stage_changes",
    each=returns,
)
def days_since_stage(view: View, stage: StageName) -> Values:
    """Return how long ago the lead last entered a stage; NaN where it never did."""
    return view.stage_ages()[:, STAGE_NAMES.index(stage)]
