"""What every kind of evidence looks at: the leads with their outcomes, and one column at the moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from data_checks.agreement import Agreement
from data_checks.reading import parse_number, parse_time
from features.exclusions import NEVER_FEATURES
from features.fields_as_of import field_as_of
from features.moments import DAY, NEVER, Moments
from features.records import Records, Snapshots
from features.text_column import TextColumn
from models.leakage.activity_counts import ActivityCounts, activity_counts
from models.leakage.chances import LEVEL
from models.outcomes import CLOSED, reached_at
from models.snapshots import SnapshotSettings, labelled_snapshots

Rows = NDArray[np.intp]
Flags = NDArray[np.bool_]
Codes = NDArray[np.int64]
Floats = NDArray[np.float64]

FEWEST: Final = 20
"""With fewer outcomes, or fewer leads without one, nothing is said that compares the two."""

MOST_PERIODS: Final = 10
READABLE: Final = 0.95


@dataclass(frozen=True)
class Facts:
    """The leads of an audit.

    Columns are looked at ``moment``: each lead's first snapshot. ``ended`` is when a lead reached the
    target or was first closed without it, ``NEVER`` while it is undecided. ``rows`` are the leads that
    were open at their moment and are mature, ``label`` whether each reached the target within the
    horizon, and ``period`` which of up to ten spans of time, equally full, it belongs to: comparisons
    are made within a period, so that what drifts over the years does not look like a leak.
    ``level`` is the chance of a false alarm allowed to one test.
    """

    records: Records
    agreement: Agreement
    now: int
    moment: Moments
    reached: Moments
    ended: Moments
    rows: Rows
    label: Flags
    period: Codes
    level: float

    @property
    def comparable(self) -> bool:
        """Whether there are enough outcomes, and enough leads without one, to compare them."""
        return FEWEST <= int(self.label.sum()) <= len(self.label) - FEWEST

    @cached_property
    def succeeded(self) -> Flags:
        """Whether each of ``rows`` has reached the target by now, within the horizon or later."""
        return np.asarray(self.reached[self.rows] != NEVER)

    @cached_property
    def all_periods(self) -> Codes:
        """The period of every lead, mature or not, by the moment it is looked at."""
        return equal_spans(self.moment, MOST_PERIODS)

    @cached_property
    def activity_counts(self) -> ActivityCounts:
        """The activities of every lead, at its moment and today."""
        return activity_counts(self.records.activities, self.moment, self.now)

    @cached_property
    def base(self) -> Floats:
        """The rate of the period that each of ``rows`` belongs to."""
        return means_by(self.period, self.label)[self.period]


@dataclass(frozen=True)
class Column:
    """A lead column as it was at each lead's moment: folded texts, as far as the history allows."""

    name: str
    texts: TextColumn

    @cached_property
    def filled(self) -> Flags:
        """Whether the column said anything of a lead."""
        return np.asarray(self.texts.codes >= 0)

    @cached_property
    def numbers(self) -> Floats | None:
        """The column's numbers, NaN where empty; None if it is not one of numbers."""
        return self._read(parse_number)

    @cached_property
    def times(self) -> Moments | None:
        """The column's dates in microseconds, ``NEVER`` where empty; None if it is not one of dates."""
        found = self._read(parse_time)
        if found is None:
            return None
        known = np.isfinite(found)
        return np.where(known, np.where(known, found, 0).astype(np.int64), NEVER)

    def _read(self, parse: Callable[[str], float | None]) -> Floats | None:
        read = self.texts.numbers(parse)
        known = int(self.filled.sum())
        readable = known > 0 and np.isfinite(read[self.filled]).sum() >= READABLE * known
        return read if readable else None


def facts_of(
    records: Records, agreement: Agreement, settings: SnapshotSettings, now: int, tests: int
) -> Facts:
    """Prepare an audit of ``records`` as of ``now``, in which each kind of evidence tests so many things."""
    first_age = min(settings.ages_days)
    seen = labelled_snapshots(records, agreement, SnapshotSettings(ages_days=(first_age,)), now).mature_ones
    reached = reached_at(records, agreement)
    spans = int(np.clip(seen.label.sum() // FEWEST, 1, MOST_PERIODS))
    return Facts(
        records=records,
        agreement=agreement,
        now=now,
        moment=records.created + round(first_age * DAY),
        reached=reached,
        ended=np.minimum(reached, _first_closed(records, agreement)),
        rows=seen.snapshots.lead.astype(np.intp),
        label=seen.label,
        period=equal_spans(seen.snapshots.as_of, spans),
        level=LEVEL / max(tests, 1),
    )


def columns_of(facts: Facts) -> Iterator[Column]:
    """Return the lead columns that say anything, each at the moment, in alphabetical order."""
    records = facts.records
    snapshots = Snapshots(np.arange(len(records), dtype=np.int64), facts.moment)
    for name in sorted(set(records.fields) - NEVER_FEATURES):
        texts = field_as_of(records, snapshots, name)
        if (records.fields[name].codes >= 0).any() or (texts.codes >= 0).any():
            yield Column(name, texts.folded())


def equal_spans(moments: Moments, spans: int) -> Codes:
    """Return for each moment which of ``spans`` spans it lies in; as many lie in each."""
    order = np.argsort(moments, kind="stable")
    found = np.empty(len(moments), np.int64)
    found[order] = np.arange(len(moments)) * spans // max(len(moments), 1)
    return found


def means_by(groups: Codes, values: Flags | Floats) -> Floats:
    """Return the mean of each group, 0 for an empty one."""
    sizes = np.bincount(groups)
    return np.asarray(np.bincount(groups, values) / np.maximum(sizes, 1))


def _first_closed(records: Records, agreement: Agreement) -> Moments:
    changes = records.stage_changes
    closing = [agreement.stage_of(label) in CLOSED for label in changes.texts["stage"].labels]
    hits = np.array([*closing, False])[changes.texts["stage"].codes]
    closed: Moments = np.full(len(records), NEVER, np.int64)
    np.minimum.at(closed, changes.lead[hits], changes.occurred[hits])
    return closed


@lru_cache(maxsize=32)
def folds_of(leads: int, folds: int) -> Codes:
    """Return a fold for each of so many leads, always the same."""
    return np.random.default_rng(0).integers(folds, size=leads)
