"""Scoring every open lead of a history at one moment, by the code that answers the endpoint."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from data_checks.tables import CrmHistory
from features.fields_as_of import field_as_of
from features.from_history import records_from_history
from features.moments import to_time
from features.records import Records, Snapshots, blocks
from models.outcomes import is_open, reached_at
from models.scorer import LeadScore, Scorer

BLOCK_LEADS = 2000


def score_history(
    scorer: Scorer, history: CrmHistory, as_of: int, progress: Callable[[int, int], None] = lambda *_: None
) -> tuple[LeadScore, ...]:
    """Score all leads that were open at the moment, in the order of their ids.

    ``progress`` is told how many of how many leads are done.
    """
    records = records_from_history(history)
    leads = np.arange(len(records), dtype=np.int64)
    everyone = Snapshots(leads, np.full(len(records), as_of, np.int64))
    reached = reached_at(records, scorer.agreement)
    asked = everyone[np.flatnonzero(is_open(records, everyone, scorer.agreement, reached))]
    scores: list[LeadScore] = []
    for part, snapshots in blocks(records, asked, BLOCK_LEADS):
        scores += scorer.score_records(part, snapshots, fields_of(part, snapshots))
        progress(len(scores), len(asked))
    return tuple(scores)


def fields_of(records: Records, snapshots: Snapshots) -> list[dict[str, str | None]]:
    """Return the lead columns of each snapshot as of its moment, as the endpoint would receive them."""
    columns = {name: field_as_of(records, snapshots, name) for name in records.fields}
    texts = {name: np.array([*column.labels, None], object)[column.codes] for name, column in columns.items()}
    created = (to_time(moment).isoformat() for moment in records.created[snapshots.lead].tolist())
    names = (records.lead_ids[lead] for lead in snapshots.lead.tolist())
    return [
        {"lead_id": lead_id, "created_at": moment, **{name: column[row] for name, column in texts.items()}}
        for row, (lead_id, moment) in enumerate(zip(names, created, strict=True))
    ]
