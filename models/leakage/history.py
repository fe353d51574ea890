"""Evidence from the history: today's value against the value of the moment, and against the activities."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from data_checks.folding import fold
from data_checks.row_clauses import Allowed
from features.lanes import Counts
from features.text_column import TextColumn, stacked
from models.leakage.chances import least_share
from models.leakage.evidence import Evidence
from models.leakage.facts import FEWEST, Column, Facts, Flags, Floats

MIRRORED: Final = 0.8
MOST_BY_CHANCE: Final = 0.5
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
    Where both are nearly always the same small number, they agree by chance, which tells nothing.
    """
    if column.numbers is None or not len(facts.records.activities):
        return
    counts = facts.activity_counts
    numbers = np.nan_to_num(column.numbers, nan=-1.0)
    for place, what in [(-1, "activities"), *enumerate(f"“{name}” activities" for name in counts.types)]:
        today = counts.today[:, place]
        grown = (today != counts.then[:, place]) & (numbers >= 0)
        share = float((numbers == today)[grown].mean()) if grown.sum() >= FEWEST else 0.0
        if share < MIRRORED or _equal_by_chance(numbers[grown], today[grown]) > MOST_BY_CHANCE:
            continue
        yield Evidence(
            "mirrors_today",
            "conclusive",
            f"For {share:.0%} of {grown.sum():,} leads it is the number of their {what} up to the export, "
            "what came after the moment included.",
            {"leads": int(grown.sum()), "share_equal": share},
            (("equal to the count at the export", share),),
        )
        return


def _equal_by_chance(numbers: Floats, counts: Counts) -> float:
    """Return how often a number would equal a count if the two were shuffled."""
    largest = int(counts.max(initial=0))
    of_counts = np.bincount(counts, minlength=largest + 1) / len(counts)
    whole = numbers[(numbers <= largest) & (numbers == np.floor(numbers))].astype(np.intp)
    return float(of_counts[whole].sum() / len(numbers))


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
