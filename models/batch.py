"""Scoring every open lead of a history at one moment, by the code that answers the endpoint."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

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


Progress = Callable[[int, int], None]
"""Is told how many of how many leads are done."""

ScoreChecked = Callable[[CrmHistory], tuple[LeadScore, ...]]
"""Scores the open leads of a checked history, wherever that is done."""


@dataclass(frozen=True)
class ScoredHere:
    """Scores the open leads of a checked history in this process."""

    scorer: Scorer
    as_of: int
    progress: Progress = lambda *_: None

    def __call__(self, history: CrmHistory) -> tuple[LeadScore, ...]:
        """Return the scores in the order of the lead ids."""
        return score_open(self.scorer, records_from_history(history), self.as_of, self.progress)


def score_history(
    scorer: Scorer, history: CrmHistory, as_of: int, score_checked: ScoreChecked | None = None
) -> tuple[LeadScore, ...]:
    """Score all leads that were open at the moment, in the order of their ids.

    Activities and stage changes that break a clause are set aside, as from one lead at the endpoint.
    ``score_checked`` scores what is left of the history; without it, that is done here.
    """
    agreed = check_agreed_rows(history, scorer.agreement, scorer.known_ids, as_of)
    score_checked = score_checked or ScoredHere(scorer, as_of)
    return with_row_issues(score_checked(agreed.clean), agreed)


def score_open(
    scorer: Scorer, records: Records, as_of: int, progress: Progress = lambda *_: None
) -> tuple[LeadScore, ...]:
    """Score those of the leads that were open at the moment, in their order."""
    leads = np.arange(len(records), dtype=np.int64)
    everyone = Snapshots(leads, np.full(len(records), as_of, np.int64))
    reached = reached_at(records, scorer.agreement)
    asked = everyone[np.flatnonzero(is_open(records, everyone, scorer.agreement, reached))]
    scores: list[LeadScore] = []
    for part, snapshots in blocks(records, asked, BLOCK_LEADS):
        scores += scorer.score_records(part, snapshots, fields_of(part, snapshots))
        progress(len(scores), len(asked))
    return tuple(scores)


def score_source(
    scorer: Scorer,
    history: CrmHistory,
    as_of: int,
    now: int,
    score_checked: ScoreChecked | None = None,
) -> tuple[LeadScore, ...]:
    """Score all leads of unchecked tables that were open at the moment, in the order of their ids.

    Rows that break a house rule as of ``now`` are set aside first, as before training. A lead that was set
    aside is answered too, as a rejection with the reasons.
    """
    housed = check_house_rules(history, scorer.agreement, now)
    found = score_history(scorer, housed.clean, as_of, score_checked)
    scores = with_row_issues(found, housed)
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
