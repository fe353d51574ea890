"""What was known of each snapshot's lead at its moment: the primitives that features are declared with."""

from __future__ import annotations

from dataclasses import replace
from functools import cache, cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data_checks.stages import STAGE_NAMES
from features.fields_as_of import field_as_of
from features.moments import DAY, NEVER
from features.profile import Profile
from features.records import Records, Snapshots
from features.reference import Reference
from features.text_column import Codes, TextColumn
from features.timeline import Counts, Timeline


class View:
    """The records of some leads seen at some snapshots. Each primitive is computed once, when first asked."""

    def __init__(
        self, records: Records, snapshots: Snapshots, profile: Profile, reference: Reference
    ) -> None:
        used = records.activities.without("activity_type", profile.unused_activity_types)
        self.records = replace(records, activities=used)
        self.snapshots = snapshots
        self.profile = profile
        self.reference = reference
        # Bound to this view, so that what is remembered goes when the view goes.
        self.field = cache(self._field)
        self.field_codes = cache(self._field_codes)
        self.activity_codes = cache(self._activity_codes)
        self.activity_counts = cache(self._activity_counts)
        self.all_activity_counts = cache(self._all_activity_counts)
        self.activity_ages = cache(self._activity_ages)
        self.distinct_counts = cache(self._distinct_counts)

    @cached_property
    def created(self) -> NDArray[np.float64]:
        """The moment at which each lead was created; NaN where that is not known."""
        created = self.records.created[self.snapshots.lead]
        return np.where(created == NEVER, np.nan, created)

    @cached_property
    def age_days(self) -> NDArray[np.float64]:
        """Days since each lead was created."""
        return np.asarray((self.snapshots.as_of - self.created) / DAY)

    @cached_property
    def activities(self) -> Timeline:
        """The activities' timeline."""
        return Timeline(self.records.activities, self.snapshots)

    @cached_property
    def stages(self) -> Timeline:
        """The timeline of stage changes."""
        return Timeline(self.records.stage_changes, self.snapshots)

    @cached_property
    def stage_codes(self) -> Codes:
        """The stage of each stage change, as its position among `STAGE_NAMES`; -1 if it is not agreed."""
        code_of = {value: STAGE_NAMES.index(stage) for value, stage in self.profile.stage_of.items()}
        return self.stages.coded(self.records.stage_changes.texts["stage"].recoded(code_of, -1))

    @property
    def any_activity_age(self) -> NDArray[np.float64]:
        """Days since the latest known activity; NaN where there was none."""
        return self.activities.ages(self._any_activity, 1)[:, 0]

    def youngest(self, column: str) -> NDArray[np.float64]:
        """Return the days since the latest known activity that has any label at all in the column."""
        return np.asarray(np.fmin.reduce(self.activity_ages(column), axis=1))

    @property
    def _any_activity(self) -> Codes:
        return np.zeros(len(self.records.activities), np.int32)

    def _field(self, name: str) -> TextColumn:
        return field_as_of(self.records, self.snapshots, name)

    def _field_codes(self, name: str) -> Codes:
        return self.profile.vocabularies[name].codes(self.field(name))

    def _activity_codes(self, column: str) -> Codes:
        vocabulary = self.profile.vocabularies[f"activities.{column}"]
        return self.activities.coded(vocabulary.codes(self.records.activities.texts[column]))

    def _activity_counts(self, column: str, window_days: float | None) -> Counts:
        """Known activities per label of a column; the last count is that of any other label."""
        labels = len(self.profile.vocabularies[f"activities.{column}"].labels) + 1
        return self.activities.counts(self.activity_codes(column), labels, _window(window_days))

    def _all_activity_counts(self, window_days: float | None) -> NDArray[np.int64]:
        """How many activities were known in the window, those of no known type included."""
        return self.activities.counts(self._any_activity, 1, _window(window_days))[:, 0]

    def _activity_ages(self, column: str) -> NDArray[np.float64]:
        """Days since the latest known activity of each label; NaN where there is none."""
        labels = len(self.profile.vocabularies[f"activities.{column}"].labels) + 1
        return self.activities.ages(self.activity_codes(column), labels)

    def _distinct_counts(self, column: str, window_days: float | None) -> NDArray[Any]:
        """How many different values of an activity column (or ``day``) were first seen in the window."""
        if column == "day":
            codes = self.activities.days
        else:
            codes = self.activities.coded(self.records.activities.texts[column].folded().codes)
        return self.activities.counts(self.activities.first_of(codes), 1, _window(window_days))[:, 0]


def _window(days: float | None) -> int | None:
    return None if days is None else round(days * DAY)
