"""Evidence from the history: today's value against the value of the moment, and against the activities."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from data_checks.folding import fold
from data_checks.row_clauses import Allowed
from features.moments import Moments
from features.records import Snapshots
from features.text_column import Codes as TypeCodes
from features.text_column import TextColumn, stacked
from features.timeline import Timeline
from features.vocabulary import common_labels
from models.leakage.chances import least_share
from models.leakage.evidence import Evidence
from models.leakage.facts import FEWEST, Codes, Column, Facts, Flags

MIRRORED: Final = 0.8
UNRECORDED_HINT: Final = 0.1
UNRECORDED: Final = 0.5


def changed_since(facts: Facts, column: Column) -> Iterator[Evidence]:
    """The value today differs from that of the moment, and the history says so: features read the latter."""
    if column.name not in facts.records.field_changes:
        return
    differs = _differs(facts.records.fields[column.name], column.texts)
    if not differs.any():
        return
    share = float(differs.mean())
    yield Evidence(
        "changed_since",
        "note",
        f"{differs.sum():,} leads ({share:.1%}) hold another value today than at the moment. The history of "
        "changes is on record, so features read the value of the moment.",
        {"leads": int(differs.sum()), "share": share},
    )


def unrecorded(facts: Facts, column: Column) -> Iterator[Evidence]:
    """The field has a history, but the value today is not what its last change left behind.

    Then it was changed without a trace, and its value at a moment cannot be rebuilt.
    """
    changes = facts.records.field_changes.get(column.name)
    if changes is None or not len(changes):
        return
    order = np.lexsort((changes.occurred, changes.lead))
    lead = changes.lead[order]
    last = np.append(lead[1:] != lead[:-1], True)
    left = changes.texts["new"][order[last]]
    today = facts.records.fields[column.name][lead[last]]
    lost = _differs(_canonical(facts, column, today), _canonical(facts, column, left))
    share, least = float(lost.mean()), least_share(int(lost.sum()), len(lost))
    if int(lost.sum()) < FEWEST or least < UNRECORDED_HINT:
        return
    yield Evidence(
        "unrecorded",
        "conclusive" if least >= UNRECORDED else "hint",
        f"Of {len(lost):,} leads whose changes are on record, {lost.sum():,} ({share:.0%}) hold another "
        "value today than their last change left: it is also changed without a trace.",
        {"leads": len(lost), "differ": int(lost.sum()), "share": share},
        (("changed without a trace", share),),
    )


def mirrors_today(facts: Facts, column: Column) -> Iterator[Evidence]:
    """A number equals the count of the lead's activities today, after the moment had passed.

    Only leads whose count has grown since are looked at, for all activities and for each common type.
    """
    activities = facts.records.activities
    if column.numbers is None or not len(activities):
        return
    types = common_labels(activities.texts["activity_type"], FEWEST)
    codes, labels = types.codes(activities.texts["activity_type"]), len(types.labels)
    today = _counts(facts, codes, labels, np.full(len(facts.moment), facts.now, np.int64))
    then = _counts(facts, codes, labels, facts.moment)
    grown = (today != then) & np.isfinite(column.numbers)[:, np.newaxis]
    same = (today == np.nan_to_num(column.numbers, nan=-1.0)[:, np.newaxis]) & grown
    share = same.sum(axis=0) / np.maximum(grown.sum(axis=0), 1)
    share[grown.sum(axis=0) < FEWEST] = 0
    best = int(share.argmax())
    if share[best] < MIRRORED:
        return
    what = f"“{types.labels[best]}” activities" if best < len(types.labels) else "activities"
    yield Evidence(
        "mirrors_today",
        "conclusive",
        f"For {share[best]:.0%} of {grown[:, best].sum():,} leads it is the number of their {what} up to the "
        "export, what came after the moment included.",
        {"leads": int(grown[:, best].sum()), "share_equal": float(share[best])},
        (("equal to the count at the export", float(share[best])),),
    )


def _counts(facts: Facts, codes: TypeCodes, labels: int, at: Moments) -> Codes:
    """Count the activities known at ``at``: a column for each type, and at last one for all."""
    timeline = Timeline(facts.records.activities, Snapshots(np.arange(len(at), dtype=np.int64), at))
    of_types = np.where(codes < labels, codes, -1).astype(np.int32)
    by_type = timeline.counts(timeline.coded(of_types), labels)
    return np.hstack([by_type, timeline.counts(np.zeros(len(codes), np.int32), 1)])


def _canonical(facts: Facts, column: Column, texts: TextColumn) -> TextColumn:
    """Return the texts with the spellings that the agreement knows as one."""
    spellings: dict[str, str] = {}
    for clause in facts.agreement.lead_data:
        if isinstance(clause, Allowed) and clause.field == column.name:
            spellings |= clause.spellings
    labels = tuple(spellings.get(fold(label), label) for label in texts.labels)
    return TextColumn(texts.codes, labels)


def _differs(one: TextColumn, other: TextColumn) -> Flags:
    both = stacked((one.folded(), other.folded())).codes
    return np.asarray(both[: len(one)] != both[len(one) :])
