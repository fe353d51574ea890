"""Scoring every open lead of a history at one moment, by the code that answers the endpoint."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from data_checks.checking import check_agreed_rows, check_house_rules
from data_checks.instant import Issue
from data_checks.tables import CrmHistory
from features.fields_as_of import field_as_of
from features.from_history import records_from_history
from features.moments import to_time
from features.records import Records, Snapshots, blocks
from models.outcomes import is_open, reached_at
from models.row_issues import with_row_issues
from models.scorer import LeadScore, Scorer

BLOCK_LEADS = 2000


def score_history(
    scorer: Scorer, history: CrmHistory, as_of: int, progress: Callable[[int, int], None] = lambda *_: None
) -> tuple[LeadScore, ...]:
    """Score all leads that were open at the moment, in the order of their ids.

    Activities and stage changes that break a clause are set aside, as from one lead at the endpoint.
    ``progress`` is told how many of how many leads are done.
    """
    agreed = check_agreed_rows(history, scorer.agreement, scorer.known_ids, as_of)
    records = records_from_history(agreed.clean)
    leads = np.arange(len(records), dtype=np.int64)
    everyone = Snapshots(leads, np.full(len(records), as_of, np.int64))
    reached = reached_at(records, scorer.agreement)
    asked = everyone[np.flatnonzero(is_open(records, everyone, scorer.agreement, reached))]
    scores: list[LeadScore] = []
    for part, snapshots in blocks(records, asked, BLOCK_LEADS):
        scores += scorer.score_records(part, snapshots, fields_of(part, snapshots))
        progress(len(scores), len(asked))
    return with_row_issues(scores, agreed)


def score_source(
    scorer: Scorer,
    history: CrmHistory,
    as_of: int,
    now: int,
    progress: Callable[[int, int], None] = lambda *_: None,
) -> tuple[LeadScore, ...]:
    """Score all leads of unchecked tables that were open at the moment, in the order of their ids.

    Rows that break a house rule as of ``now`` are set aside first, as before training. A lead that was set
    aside is answered too, as a rejection with the reasons.
    """
    housed = check_house_rules(history, scorer.agreement, now)
    scores = with_row_issues(score_history(scorer, housed.clean, as_of, progress), housed)
    aside = housed.quarantined.get("leads")
    if aside is None:
        return scores
    named = aside.dropna(subset=["lead_id"]).drop_duplicates("lead_id")
    kept = frozenset(housed.clean.leads["lead_id"])
    rejected = (
        LeadScore(lead_id, as_of, "reject", issues=(Issue("lead", "house_rules", reasons, "reject"),))
        for lead_id, reasons in zip(named["lead_id"], named["reasons"], strict=True)
        if lead_id not in kept
    )
    return tuple(sorted((*scores, *rejected), key=lambda one: one.lead_id))


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
