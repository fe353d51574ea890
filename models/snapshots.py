"""Training rows: leads looked at several moments of their lives, and what became of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from data_checks.agreement import Agreement
from features.moments import DAY, NEVER, Moments
from features.records import Records, Snapshots
from models.gaps import Gaps, in_gaps
from models.outcomes import is_open, reached_at


class SnapshotSettings(BaseModel):
    """The section ``snapshots`` of params.yaml: the ages, in days, at which each lead is looked at."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    ages_days: tuple[float, ...] = Field(default=(0, 3, 7, 14, 30, 60), min_length=1)


@dataclass(frozen=True)
class LabelledSnapshots:
    """Snapshots with their labels.

    ``label`` tells whether the target was reached within the horizon after ``as_of``, and ``mature`` whether
    that horizon has passed: of others the label tells what has come so far. ``reached`` is the moment of the
    target, ``NEVER`` if it has not been reached yet. ``weight`` is one over the number of ages, so that a
    lead that was looked at all its ages weighs one. It is the same for every look: one over the lead's own
    looks would be high where a lead soon converted, and tell the rate of leads too high.
    """

    snapshots: Snapshots
    label: NDArray[np.bool_]
    weight: NDArray[np.float64]
    reached: Moments
    mature: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.label)

    def __getitem__(self, rows: slice | NDArray[np.intp]) -> LabelledSnapshots:
        return LabelledSnapshots(
            self.snapshots[rows],
            self.label[rows],
            self.weight[rows],
            self.reached[rows],
            self.mature[rows],
        )

    @property
    def mature_ones(self) -> LabelledSnapshots:
        """Those whose outcome is known for good."""
        return self[np.flatnonzero(self.mature)]


def labelled_snapshots(
    records: Records, agreement: Agreement, settings: SnapshotSettings, now: int, gaps: Gaps = ()
) -> LabelledSnapshots:
    """Look at each lead at the given ages while it was open, and label it by what is known at ``now``.

    Leads are not looked at within ``gaps``. Immature snapshots must not be counted by their labels: early
    successes of leads whose failures are not yet in would bias the rate upwards.
    """
    horizon = agreement.target.within_days * DAY
    reached = reached_at(records, agreement)
    watched = _watched(records, settings)
    may_be_seen = (watched.as_of <= now) & ~in_gaps(watched.as_of, gaps)
    watched = watched[np.flatnonzero(is_open(records, watched, agreement, reached) & may_be_seen)]
    known = np.where(reached <= now, reached, NEVER)[watched.lead]
    weight = np.full(len(watched), 1.0 / len(settings.ages_days))
    label, mature = known <= watched.as_of + horizon, watched.as_of + horizon <= now
    return LabelledSnapshots(watched, label, weight, known, mature)


def _watched(records: Records, settings: SnapshotSettings) -> Snapshots:
    ages = np.array([round(age * DAY) for age in settings.ages_days], np.int64)
    leads = np.arange(len(records), dtype=np.int64)
    return Snapshots(np.repeat(leads, len(ages)), (records.created[:, np.newaxis] + ages).ravel())
