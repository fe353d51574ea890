"""How many activities a lead had at the moment, and how many it has today."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from features.lanes import ALWAYS
from features.moments import Moments
from features.records import Events, Snapshots
from features.text_column import Codes
from features.timeline import Timeline
from features.vocabulary import common_labels

AT_LEAST: Final = 20
"""A type with fewer records has no count of its own."""


@dataclass(frozen=True)
class ActivityCounts:
    """Known activities by lead and common type, and in the last column all; shape (leads, types + 1)."""

    types: tuple[str, ...]
    then: NDArray[np.int64]
    today: NDArray[np.int64]


def activity_counts(activities: Events, moment: Moments, now: int) -> ActivityCounts:
    """Count what was known of each lead at its ``moment``, and what is known ``now``."""
    types = common_labels(activities.texts["activity_type"], AT_LEAST)
    codes, labels = types.codes(activities.texts["activity_type"]), len(types.labels)
    of_types = np.where(codes < labels, codes, -1).astype(np.int32)
    then, today = (
        _counts(activities, of_types, labels, at) for at in (moment, np.full(len(moment), now, np.int64))
    )
    return ActivityCounts(types.labels, then, today)


def _counts(activities: Events, codes: Codes, labels: int, at: Moments) -> NDArray[np.int64]:
    timeline = Timeline(activities, Snapshots(np.arange(len(at), dtype=np.int64), at))
    of_all = np.zeros(len(codes), np.int32)
    of_types = timeline.tally(timeline.coded(codes), labels).counts((ALWAYS,))[0]
    return np.hstack([of_types, timeline.tally(of_all, 1).counts((ALWAYS,))[0]]).astype(np.int64)
