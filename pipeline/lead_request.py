"""A lead of a CRM's history as the request that the CRM would have sent at a moment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from data_checks.tables import CrmHistory
from features.from_history import records_from_history
from features.moments import to_time
from features.records import Snapshots
from models.batch import fields_of

ACTIVITY = (
    "activity_id",
    "activity_type",
    "occurred_at",
    "recorded_at",
    "asset",
    "product",
    "campaign_id",
    "direction",
)


def of_leads(history: CrmHistory, lead_ids: Iterable[str]) -> CrmHistory:
    """Return the history of some leads; campaigns are kept whole."""
    wanted = set(lead_ids)
    kept: dict[str, Any] = {
        name: frame[frame["lead_id"].isin(wanted)] for name, frame in history if "lead_id" in frame
    }
    return replace(history, **kept)


def lead_requests(history: CrmHistory, as_of: int, most: int) -> Iterator[dict[str, Any]]:
    """Yield the leads that existed at the moment, by id, each with only what was recorded by then.

    The fields are as of the moment; ``most`` bounds their number.
    """
    records = records_from_history(history)
    existing = np.flatnonzero(records.created <= as_of)[:most].astype(np.int64)
    snapshots = Snapshots(existing, np.full(len(existing), as_of, np.int64))
    moment = pd.Timestamp(to_time(as_of))
    known = history.activities[["occurred_at", "recorded_at"]].max(axis=1) <= moment
    activities = _by_lead(history.activities[known], ACTIVITY)
    changed = history.stage_changes["changed_at"] <= moment
    changes = _by_lead(history.stage_changes[changed], ("changed_at", "stage"))
    for fields in fields_of(records, snapshots):
        lead_id = str(fields.pop("lead_id"))
        yield {
            "lead_id": lead_id,
            "as_of": to_time(as_of).isoformat(),
            "fields": {name: text for name, text in fields.items() if text is not None},
            "activities": activities.get(lead_id, []),
            "stage_changes": changes.get(lead_id, []),
        }


def _by_lead(frame: pd.DataFrame, columns: tuple[str, ...]) -> Mapping[str, list[dict[str, Any]]]:
    texts = {name: _json_texts(frame[name]) for name in columns}
    found: dict[str, list[dict[str, Any]]] = {}
    for row, lead_id in enumerate(frame["lead_id"].tolist()):
        record = {name: column[row] for name, column in texts.items() if column[row] is not None}
        found.setdefault(lead_id, []).append(record)
    return found


def _json_texts(column: pd.Series) -> list[str | None]:
    if isinstance(column.dtype, pd.DatetimeTZDtype):
        return [None if pd.isna(moment) else moment.isoformat() for moment in column]
    return [None if pd.isna(text) else text for text in column]
