"""A plain world of leads for the leakage audit; what a test is about, it adds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from crm_tables import NOW, agreed
from data_checks.agreement import Agreement
from data_checks.tables import CrmHistory, empty_table
from features.from_history import records_from_history
from features.moments import DAY, NEVER
from features.records import Records
from models.leakage.audit import Audit, audit
from models.leakage.facts import Column, Facts, columns_of, facts_of
from models.snapshots import SnapshotSettings

ON_ARRIVAL = SnapshotSettings(ages_days=(0,))


@dataclass(frozen=True)
class LeakageWorld:
    """Leads that came in evenly over 400 days; three in ten reach SQL, half of the others are closed.

    Times are microseconds, ``NEVER`` where it did not happen by now. ``columns`` are texts a lead (None is
    empty), ``activities`` rows of (lead, type, occurred, recorded or None), ``edits`` rows of (lead, field,
    changed, old, new).
    """

    leads: int = 600
    seed: int = 1
    rate: float = 0.3
    columns: Mapping[str, Sequence[object]] = field(default_factory=dict)
    activities: Sequence[tuple[int, str, int, int | None]] = ()
    edits: Sequence[tuple[int, str, int, str | None, str | None]] = ()
    agreement: Agreement = field(default_factory=agreed)

    @property
    def created(self) -> NDArray[np.int64]:
        """When each lead came in."""
        return NOW - 400 * DAY + np.arange(self.leads) * (399 * DAY // self.leads)

    @property
    def reached(self) -> NDArray[np.int64]:
        """When each lead reached SQL."""
        draw = np.random.default_rng(self.seed)
        at = self.created + (draw.exponential(20, self.leads) * DAY).astype(np.int64) + DAY
        return np.where((draw.random(self.leads) < self.rate) & (at <= NOW), at, NEVER)

    @property
    def closed(self) -> NDArray[np.int64]:
        """When each lead that will not reach SQL was closed."""
        draw = np.random.default_rng(self.seed + 1000)
        at = self.created + 45 * DAY
        lost = (self.reached == NEVER) & (draw.random(self.leads) < 0.5) & (at <= NOW)
        return np.where(lost, at, NEVER)

    @property
    def draw(self) -> np.random.Generator:
        """Chance that has nothing to do with the outcomes."""
        return np.random.default_rng(self.seed + 2000)

    def history(self) -> CrmHistory:
        """The tables that such a CRM would export."""
        ids = np.array([f"L{number:05d}" for number in range(self.leads)])
        leads = empty_table("leads").reindex(range(self.leads))
        leads["lead_id"] = pd.Series(ids, dtype="str")
        leads["created_at"] = _times(self.created)
        for name, values in self.columns.items():
            leads[name] = pd.Series([None if value is None else str(value) for value in values], dtype="str")
        moves = [
            pd.DataFrame({"lead_id": ids[hit], "changed_at": _times(at[hit]), "stage": stage})
            for stage, at in (("Qualified", self.reached), ("Closed Lost", self.closed))
            for hit in [np.flatnonzero(at != NEVER)]
        ]
        return CrmHistory(
            leads=leads,
            stage_changes=_table("stage_changes", pd.concat(moves, ignore_index=True)),
            activities=_table("activities", self._activities(ids)),
            field_changes=_table("field_changes", self._edits(ids)),
        )

    def records(self) -> Records:
        """The same as arrays."""
        return records_from_history(self.history())

    def facts(self, tests: int = 20) -> Facts:
        """What the evidence looks at."""
        return facts_of(self.records(), self.agreement, ON_ARRIVAL, NOW, tests)

    def column(self, name: str) -> tuple[Facts, Column]:
        """The facts, and one column."""
        facts = self.facts()
        return facts, next(column for column in columns_of(facts) if column.name == name)

    def audit(self) -> Audit:
        """The whole audit."""
        return audit(self.records(), self.agreement, ON_ARRIVAL, NOW)

    def _activities(self, ids: NDArray[np.str_]) -> pd.DataFrame:
        lead, kind, occurred, recorded = zip(*self.activities, strict=True) if self.activities else ((),) * 4
        late = [at if known is None else known for at, known in zip(occurred, recorded, strict=True)]
        return pd.DataFrame(
            {
                "lead_id": ids[np.array(lead, np.intp)],
                "activity_type": pd.Series(kind, dtype="str"),
                "occurred_at": _times(occurred),
                "recorded_at": _times(late),
            }
        )

    def _edits(self, ids: NDArray[np.str_]) -> pd.DataFrame:
        lead, name, at, old, new = zip(*self.edits, strict=True) if self.edits else ((),) * 5
        return pd.DataFrame(
            {
                "lead_id": ids[np.array(lead, np.intp)],
                "field": pd.Series(name, dtype="str"),
                "changed_at": _times(at),
                "old_value": pd.Series(old, dtype="str"),
                "new_value": pd.Series(new, dtype="str"),
            }
        )


def _table(name: str, rows: pd.DataFrame) -> pd.DataFrame:
    empty = empty_table(name)
    return rows.reindex(columns=empty.columns).astype(empty.dtypes.to_dict())


def _times(moments: ArrayLike) -> pd.Series:
    return pd.Series(np.asarray(moments, np.int64).astype("datetime64[us]")).dt.tz_localize("UTC")
