"""The training rows of some leads, block by block, so that a part's matrix is never held whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from data_checks.agreement import Agreement
from features.feature_set import FeatureSet
from features.moments import DAY
from features.records import Records, blocks
from features.reference import Reference
from models.gaps import Gaps
from models.snapshots import LabelledSnapshots, SnapshotSettings, labelled_snapshots
from models.training_rows import TrainingRows

LEADS_AT_ONCE: Final = 8192
"""The leads of one block: enough snapshots for a row group of a file, few enough for little memory."""


@dataclass(frozen=True)
class TrainingPlan:
    """What the training rows of any leads are computed with.

    ``now`` is the moment the history is read at; within ``gaps`` no outcomes are on record.
    """

    agreement: Agreement
    features: FeatureSet
    reference: Reference
    settings: SnapshotSettings
    now: int
    gaps: Gaps = ()

    @property
    def mature_until(self) -> int:
        """The last moment whose horizon has passed."""
        return self.now - self.agreement.target.within_days * DAY

    def snapshots(self, records: Records) -> LabelledSnapshots:
        """Return the snapshots of the leads, mature or not."""
        return labelled_snapshots(records, self.agreement, self.settings, self.now, self.gaps)

    def blocks(self, records: Records, seen: LabelledSnapshots, first_lead: int) -> Iterator[TrainingRows]:
        """Yield the rows of the snapshots in their order; the leads are numbered from ``first_lead`` on."""
        done = 0
        for part, snapshots in blocks(records, seen.snapshots, LEADS_AT_ONCE):
            rows = slice(done, done + len(snapshots))
            found = replace(seen[rows], snapshots=snapshots)
            yield replace(self._block(part, found), lead=seen.snapshots.lead[rows] + first_lead)
            done = rows.stop

    def _block(self, records: Records, seen: LabelledSnapshots) -> TrainingRows:
        as_of, lead = seen.snapshots.as_of, seen.snapshots.lead
        return TrainingRows(
            matrix=self.features.matrix(records, seen.snapshots, self.reference),
            names=self.features.names,
            categorical=self.features.categorical,
            label=seen.label,
            weight=seen.weight,
            as_of=as_of,
            lead=lead,
            age_days=np.asarray((as_of - records.created[lead]) / DAY),
            reached=seen.reached,
        )
