"""What was known of each snapshot's lead at its moment: the questions that features are declared with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import cached_property
from types import MappingProxyType
from typing import Final, cast

import numpy as np
from numpy.typing import NDArray

from data_checks.stages import STAGE_NAMES
from data_checks.working_time import local_time, working_clock
from features.activity_columns import activity_column
from features.fields_as_of import field_as_of
from features.lanes import ALWAYS, Counts, Tally
from features.moments import DAY, HOUR, NEVER, Moments
from features.profile import Profile
from features.question import Asked, question
from features.records import Records, Snapshots
from features.reference import ALL, KnownAt, Reference
from features.text_column import Codes, TextColumn
from features.timeline import LONGEST_WINDOW, Timeline
from features.windowed import FEW_PAIRS, Days, Labelled, Windowed, counted_together

Amounts = NDArray[np.float64]

ANY: Final = "any"
ANSWER: Final = "answer"
NEW: Final = "new "
"""What is counted of activities besides the labels of a column."""

ANSWER_WITHIN_DAYS: Final = 3
"""What a lead does within so many days of a call or mail from us is an answer to it."""


class View(Asked):
    """The records of some leads seen at some snapshots.

    Whatever has to do with time goes through the questions below, each of which sees only what was
    known at the moment. A feature that asks them is as-of by construction, and can be traced back to
    the records it came from, because what it asked is on record. ``foreseen`` are the windows in which
    activities will be counted, see `windows_asked`.
    """

    def __init__(
        self,
        records: Records,
        snapshots: Snapshots,
        profile: Profile,
        reference: Reference,
        foreseen: Mapping[str, Collection[Days]] = MappingProxyType({}),
    ) -> None:
        super().__init__()
        used = records.activities.without("activity_type", profile.unused_activity_types)
        self.records = replace(records, activities=used)
        self.snapshots = snapshots
        self.profile = profile
        self.reference = reference
        self._foreseen = foreseen
        self._windowed: dict[str, Windowed] = {}

    @question
    def field(self, name: str) -> TextColumn:
        """Return the text that a lead column had."""
        return field_as_of(self.records, self.snapshots, name)

    def field_codes(self, name: str) -> Codes:
        """Return the code that a lead column had in its vocabulary."""
        return self.profile.vocabularies[name].codes(self.field(name))

    @question
    def created(self) -> Moments:
        """Return the moment at which each lead was created; ``NEVER`` where that is not known."""
        return self.records.created[self.snapshots.lead]

    def age_days(self) -> Amounts:
        """Return the days since each lead was created."""
        created = self.created()
        return np.where(created == NEVER, np.nan, (self.snapshots.as_of - created) / DAY)

    def arrival(self) -> Moments:
        """Return the moment of creation on the clocks of the agreed time zone, as if that were UTC."""
        return local_time(self.profile.working_hours.timezone).at(self.created())

    @question
    def activity_counts(self, what: str, window: Days) -> Counts:
        """Count known activities in a window, of shape (snapshots, labels).

        ``what`` is a column with a vocabulary (the last count is that of any other label), or one of
        `ANY`, `ANSWER` and ``new <column>``, which have one label; see `activity_codes`.
        """
        return self._counted(what).counts(window)

    @question
    def latest_activity(self, what: str) -> Moments:
        """Return the moment of the latest known activity of each label; ``NEVER`` where there is none."""
        return self._counted(what).latest

    def activity_total(self, window: Days) -> Counts:
        """Count all known activities, those of no known type included."""
        return self.activity_counts(ANY, window)[:, 0]

    def activity_ages(self, column: str) -> Amounts:
        """Return the days since the latest known activity of each label; NaN where there is none."""
        return self._days_since(self.latest_activity(column))

    def first_seen(self, column: str, window: Days) -> Counts:
        """Count the values of an activity column (or ``day``) that were first seen in the window."""
        return self.activity_counts(f"{NEW}{column}", window)[:, 0]

    @question
    def stage_now(self) -> Codes:
        """Return the stage, as its position among `STAGE_NAMES`; -1 if there was none or none agreed."""
        return self.stages.latest(self._stage_codes)

    @question
    def stage_counts(self) -> Counts:
        """Count how often each stage of `STAGE_NAMES` was entered; the last count is of none agreed."""
        return self._by_stage.counts((ALWAYS,))[0].astype(np.int64)

    @question
    def stage_ages(self) -> Amounts:
        """Return the days since each stage of `STAGE_NAMES` was last entered; NaN where it never was."""
        return self._days_since(self._by_stage.latest())

    @question
    def newest_stage_change(self) -> Moments:
        """Return the moment of the latest change of stage; ``NEVER`` where there was none."""
        return self.stages.tally(np.zeros(len(self.stages), np.int32), 1).latest()[:, 0]

    @question
    def known_rate(self, column: str, latest: int) -> Amounts:
        """Return the conversion rate among the newest outcomes known of leads with the same label.

        The lead itself is not among them. NaN while no outcome was known.
        """
        codes = self.field_codes(column) if column else np.zeros(len(self.snapshots), np.int32)
        overall = self.known_rate(ALL, latest) if column else None
        seen = KnownAt(codes, self.created(), self.snapshots.as_of)
        return self.reference.rate(column, seen, latest, overall)

    @question
    def account_leads(self) -> Amounts:
        """Return how many other leads of the account had come; NaN where the account is not known."""
        return self.reference.accounts.others(self.field("account_id"), self.created(), self.snapshots.as_of)

    @question
    def account_conversions(self) -> Amounts:
        """Return how many other leads of the account had converted; NaN without an account."""
        accounts = self.reference.accounts
        return accounts.conversions(self.field("account_id"), self.created(), self.snapshots.as_of)

    def days_since(self, moments: Moments) -> Amounts:
        """Return the days from moments to the snapshots, at most two years; NaN for ``NEVER``."""
        return self._days_since(moments[:, np.newaxis])[:, 0]

    def working_hours_since(self, moments: Moments) -> Amounts:
        """Return the agreed working hours from moments to the snapshots; NaN for ``NEVER``."""
        clock, as_of = working_clock(self.profile.working_hours), self.snapshots.as_of
        worked = clock.at(as_of) - clock.at(np.minimum(np.maximum(moments, as_of - LONGEST_WINDOW), as_of))
        return np.where(moments == NEVER, np.nan, worked / HOUR)

    @cached_property
    def activities(self) -> Timeline:
        """The timeline of the activities that may be used."""
        return Timeline(self.records.activities, self.snapshots)

    def activity_codes(self, what: str) -> Codes:
        """Return which label each activity of the timeline counts for; -1 counts nowhere.

        `ANY` has one label for all, `ANSWER` one for what the lead did within `ANSWER_WITHIN_DAYS` of
        being called or written to, and ``new day`` one for the first activity of each day. Any other
        ``what`` is a column, with the labels of its vocabulary.
        """
        activities = self.records.activities
        if what == ANY:
            return np.zeros(len(activities), np.int32)
        if what == ANSWER:
            ours = self.activities.coded(activities.texts["direction"].recoded({"outbound": 1}, 0))
            return self.activities.answers(ours == 1, round(ANSWER_WITHIN_DAYS * DAY))
        if what.startswith(NEW):
            return self.activities.first_of(self._distinct_codes(what.removeprefix(NEW)))
        texts = activity_column(activities, what)
        return self.activities.coded(self.profile.vocabularies[f"activities.{what}"].codes(texts))

    def _distinct_codes(self, column: str) -> Codes:
        if column == "day":
            return self.activities.days
        return self.activities.coded(activity_column(self.records.activities, column).folded().codes)

    def _counted(self, what: str) -> Windowed:
        if what not in self._windowed:
            if what in self._foreseen and self._is_small:
                every = {name: self._labelled(name) for name in self._foreseen}
                as_of = self.snapshots.as_of
                self._windowed = counted_together(self.activities, as_of, every, self._foreseen)
            else:
                foreseen = self._foreseen.get(what, ())
                self._windowed[what] = Windowed(self.activities, self._labelled(what), foreseen)
        return self._windowed[what]

    @property
    def _is_small(self) -> bool:
        return len(self.activities) * len(self.snapshots) <= FEW_PAIRS

    def _labelled(self, what: str) -> Labelled:
        vocabulary = self.profile.vocabularies.get(f"activities.{what}")
        return Labelled(self.activity_codes(what), len(vocabulary.labels) + 1 if vocabulary else 1)

    @cached_property
    def stages(self) -> Timeline:
        """The timeline of stage changes."""
        return Timeline(self.records.stage_changes, self.snapshots)

    @cached_property
    def _stage_codes(self) -> Codes:
        code_of = {value: STAGE_NAMES.index(stage) for value, stage in self.profile.stage_of.items()}
        return self.stages.coded(self.records.stage_changes.texts["stage"].recoded(code_of, -1))

    @cached_property
    def _by_stage(self) -> Tally:
        return self.stages.tally(self._stage_codes, len(STAGE_NAMES))

    def _days_since(self, moments: Moments) -> Amounts:
        age = np.minimum(self.snapshots.as_of[:, np.newaxis] - moments, LONGEST_WINDOW) / DAY
        return np.where(moments == NEVER, np.nan, age)


def windows_asked(view: View) -> dict[str, set[Days]]:
    """Return in which windows activities were counted, by what was counted."""
    asked: dict[str, set[Days]] = defaultdict(set)
    for name, given in view.asked:
        if name == "activity_counts":
            what, window = cast("tuple[str, Days]", given)
            asked[what].add(window)
    return asked
