"""Evidence from the order of activities and outcomes: after it, with it, or before one outcome only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from features.moments import NEVER, SECOND
from models.leakage.activity_facts import ActivityType
from models.leakage.chances import least_share
from models.leakage.evidence import Evidence
from models.leakage.facts import FEWEST

FOLLOWS: Final = 0.99
PARTLY: Final = 0.05
COMES_WITH: Final = 0.95
FORETELLS: Final = 0.95
FORETELLS_FOR_SURE: Final = 0.85
MOST_BASE: Final = 0.8


def follows(kind: ActivityType) -> Iterator[Evidence]:
    """All its records are dated at or after the end of their lead: a consequence, honest or not.

    Where only a part is, that is a note: features of an open lead do not see that part.
    """
    after, total = int(kind.afterwards.sum()), len(kind)
    figures, share = {"records": total, "share_afterwards": after / total}, after / total
    if share >= FOLLOWS:
        text = (
            f"{'All' if after == total else f'{after:,} of'} {total:,} records are dated at the outcome or "
            "after it: it says nothing of a lead that is still open."
        )
        yield Evidence("follows", "conclusive", text, figures, (("at or after the outcome", share),))
    elif share >= PARTLY:
        text = f"{share:.0%} of its records are dated at the outcome or after it; features do not see these."
        yield Evidence("follows", "note", text, figures, (("at or after the outcome", share),))


def with_outcome(kind: ActivityType) -> Iterator[Evidence]:
    """Its records are dated so shortly before the outcome that they are part of it."""
    after = float(kind.afterwards.mean())
    if after >= FOLLOWS:
        return
    left = np.where(kind.ended == NEVER, NEVER, kind.ended - kind.occurred)
    close = float(((left > 0) & (left <= kind.shortly)).mean())
    if after + close < COMES_WITH or least_share((after + close) * len(kind), len(kind)) < FORETELLS_FOR_SURE:
        return
    yield Evidence(
        "with_outcome",
        "conclusive",
        f"Of {len(kind):,} records {after:.0%} are dated at the outcome or after it and {close:.0%} within "
        f"{kind.shortly / (60 * SECOND):.0f} minutes before: it is part of the outcome.",
        {"records": len(kind), "share_afterwards": after, "share_shortly_before": close},
        (("at or after the outcome", after), ("shortly before", close), ("earlier", 1 - after - close)),
    )


def foretells(kind: ActivityType) -> Iterator[Evidence]:
    """Whoever has it before the outcome reaches the target, almost without exception."""
    leads = np.unique(kind.lead[~kind.afterwards])
    hits = len(np.unique(kind.lead[~kind.afterwards & (kind.reached != NEVER)]))
    if len(leads) < FEWEST or kind.base_rate > MOST_BASE or hits < FORETELLS * len(leads):
        return
    if least_share(hits, len(leads)) < FORETELLS_FOR_SURE:
        return
    yield Evidence(
        "foretells",
        "conclusive",
        f"{hits:,} of the {len(leads):,} leads that have it before their outcome reached the target; of all "
        f"leads {kind.base_rate:.0%} did.",
        {"leads": len(leads), "reached": hits, "base_rate": kind.base_rate},
        (("reach the target with it", hits / len(leads)), ("reach it in all", kind.base_rate)),
    )
