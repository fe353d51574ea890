"""Frames of a CRM's history as records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from data_checks.tables import CrmHistory
from features.by_lead import by_lead
from features.changes_of_one_moment import merged_by_moment
from features.moments import NEVER, Moments, to_moments
from features.records import Events, Records
from features.text_column import TextColumn, from_series

ACTIVITY_TEXTS = ("activity_type", "asset", "product", "campaign_id", "direction")


def records_from_history(history: CrmHistory) -> Records:
    """Return the records of all leads of the history, ordered by lead id.

    Activities and changes that name no lead of ``leads`` are left out; the data checks report them.
    """
    leads = history.leads.astype({"lead_id": "str"}).sort_values("lead_id", ignore_index=True)
    lead_ids = pd.Index(leads["lead_id"])
    fields = {
        str(name): from_series(column)
        for name, column in leads.items()
        if name not in ("lead_id", "created_at", "converted_at")
    }
    return Records(
        lead_ids=tuple(lead_ids),
        created=to_moments(leads["created_at"]),
        fields=fields,
        activities=_events(lead_ids, history.activities, "occurred_at", "recorded_at", ACTIVITY_TEXTS),
        converted=to_moments(leads["converted_at"]),
        stage_changes=_events(lead_ids, history.stage_changes, "changed_at", "changed_at", ("stage",)),
        field_changes=_field_changes(lead_ids, history.field_changes),
        absent=history.absent,
    )


def _events(lead_ids: pd.Index, frame: pd.DataFrame, at: str, recorded: str, texts: Iterable[str]) -> Events:
    named = from_series(frame["lead_id"])
    positions = np.append(lead_ids.get_indexer(pd.Index(named.labels, dtype="str")), -1)
    lead: Moments = positions[named.codes].astype(np.int64)
    occurred = to_moments(frame[at])
    kept = np.flatnonzero((lead >= 0) & (occurred != NEVER))
    order = kept[by_lead(lead[kept])]
    known = to_moments(frame[recorded])
    columns: dict[str, TextColumn] = {name: from_series(frame[name])[order] for name in texts}
    return Events(lead[order], occurred[order], np.where(known == NEVER, occurred, known)[order], columns)


def _field_changes(lead_ids: pd.Index, changes: pd.DataFrame) -> Mapping[str, Events]:
    named = merged_by_moment(changes).rename(columns={"old_value": "old", "new_value": "new"})
    return {
        str(field): _events(lead_ids, rows, "changed_at", "changed_at", ("old", "new"))
        for field, rows in named.groupby("field", sort=True)
    }
