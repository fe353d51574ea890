"""What the model says: of the open leads now and earlier, and of each lead when it was handed to sales."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data_checks.due_times import due_at
from features.moments import Moments, to_time
from features.records import Records, Snapshots, blocks
from models.batch import BLOCK_LEADS, fields_of
from models.explanation import Explanation
from models.outcomes import is_open, reached_at
from models.score_change import Told, score_change
from models.scorer import LeadScore, Scorer

EARLIER: Final = {"week_ago": timedelta(days=7), "month_ago": timedelta(days=30)}
"""Moments before now at which open leads are looked at too, so that their trend is seen."""

TEXTS: Final = frozenset({"lead_id", "grade", "decision", "reasons", "families", "issues", "changes"})
"""Columns of scores that are text, also where there is nothing in them."""

MOVED: Final = 0.01
"""By how much a probability has to have changed in a month for the pages to say through what."""

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Scoring:
    """A model, the records it scores, and the moment that is now."""

    scorer: Scorer
    records: Records
    now: int

    def at(self, leads: NDArray[np.int64], moments: Moments, explained: bool = False) -> list[LeadScore]:
        """Score leads, each as of its moment."""
        scores: list[LeadScore] = []
        for part, snapshots in blocks(self.records, Snapshots(leads, moments), BLOCK_LEADS):
            wanted = np.full(len(snapshots), explained)
            fields = fields_of(part, snapshots)
            scores += self.scorer.score_records(part, snapshots, fields, wanted.tolist())
        return scores


def open_scores(scoring: Scoring, say: Progress) -> pd.DataFrame:
    """Return the table ``scores``: each lead that is open now, with reasons, and what changed in a month."""
    everyone = np.arange(len(scoring.records), dtype=np.int64)
    now = Snapshots(everyone, np.full(len(everyone), scoring.now, np.int64))
    agreement = scoring.scorer.agreement
    alive = np.flatnonzero(is_open(scoring.records, now, agreement, reached_at(scoring.records, agreement)))
    say(f"scoring {len(alive):,} open leads")
    present = scoring.at(alive, np.full(len(alive), scoring.now, np.int64), explained=True)
    frame = _frame(present)
    for name, ago in EARLIER.items():
        say(f"scoring them as of {name.replace('_', ' ')}")
        moment = scoring.now - ago // timedelta(microseconds=1)
        old = np.flatnonzero(scoring.records.created[alive] <= moment)
        former = np.full(len(frame), np.nan)
        former[old] = _probabilities(scoring.at(alive[old], np.full(len(old), moment, np.int64)))
        frame[name] = former
    frame["changes"] = _changes(scoring, alive, present, frame["month_ago"].to_numpy(np.float64))
    return frame


def _changes(
    scoring: Scoring, alive: NDArray[np.int64], present: Sequence[LeadScore], month_ago: NDArray[np.float64]
) -> NDArray[np.object_]:
    """Return what moved each score that moved in a month, as JSON texts; reasons cost more than scores do."""
    moved = np.flatnonzero(np.abs(_probabilities(present) - month_ago) >= MOVED)
    moment = scoring.now - EARLIER["month_ago"] // timedelta(microseconds=1)
    former = scoring.at(alive[moved], np.full(len(moved), moment, np.int64), explained=True)
    changes = np.full(len(present), None, object)
    changes[moved] = [
        _change(before, present[row]) for row, before in zip(moved.tolist(), former, strict=True)
    ]
    return changes


def handoff_scores(scoring: Scoring, handed: pd.DataFrame) -> pd.DataFrame:
    """Return the table ``handoffs``: what the model says of each as of its day, and when it was due.

    ``handed`` has the leads that sales was given, ``lead_id`` and ``handed_at``.
    """
    number = pd.Series(np.arange(len(scoring.records)), index=list(scoring.records.lead_ids))
    known = handed[handed["lead_id"].isin(number.index)].reset_index(drop=True)
    moments = known["handed_at"].astype("datetime64[us, UTC]").astype("int64").to_numpy()
    order = np.argsort(number[known["lead_id"]].to_numpy(), kind="stable")
    known, moments = known.iloc[order].reset_index(drop=True), moments[order]
    scores = scoring.at(number[known["lead_id"]].to_numpy(np.int64), moments.astype(np.int64))
    agreement = scoring.scorer.agreement
    known["probability"] = [_number(one.probability) for one in scores]
    known["grade"] = [one.grade for one in scores]
    due = [
        None if one.grade is None else due_at(agreement, one.grade, to_time(at))
        for one, at in zip(scores, moments.tolist(), strict=True)
    ]
    known["due_at"] = pd.Series(due, dtype="datetime64[us, UTC]")
    return known


def _frame(scores: Sequence[LeadScore]) -> pd.DataFrame:
    columns: dict[str, list[Any]] = {
        "lead_id": [one.lead_id for one in scores],
        "probability": [_number(one.probability) for one in scores],
        "probability_low": [_number(one.probability_low) for one in scores],
        "probability_high": [_number(one.probability_high) for one in scores],
        "base_probability": [_number(one.base_probability) for one in scores],
        "grade": [one.grade for one in scores],
        "decision": [one.decision for one in scores],
        "reasons": [_json(one.reasons) for one in scores],
        "families": [_json(one.families) for one in scores],
        "issues": [_json(one.issues) for one in scores],
    }
    return pd.DataFrame(columns)


def _change(before: LeadScore, now: LeadScore) -> str | None:
    if before.probability is None or now.probability is None:
        return None
    return json.dumps(asdict(score_change(_told(before), _told(now))), ensure_ascii=False)


def _told(score: LeadScore) -> Told:
    why = Explanation(score.base_probability, score.reasons, score.families)
    return Told(score.probability or 0.0, why)


def _probabilities(scores: Sequence[LeadScore]) -> NDArray[np.float64]:
    return np.array([_number(one.probability) for one in scores], np.float64)


def _number(value: float | None) -> float:
    return np.nan if value is None else value


def _json(parts: Sequence[Any]) -> str:
    return json.dumps([asdict(part) for part in parts], ensure_ascii=False)
