"""Evidence from when activities were written down: late, after the outcome, or before they happened."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from features.moments import DAY, NEVER
from models.leakage.activity_facts import MINUTE, ActivityType
from models.leakage.chances import least_share
from models.leakage.evidence import Evidence
from models.leakage.facts import FEWEST

WRITTEN_AFTER: Final = 0.5
LATE: Final = 0.1
EARLY: Final = 0.05


def written_after(kind: ActivityType) -> Iterator[Evidence]:
    """Most records are dated before the outcome of their lead and were written down at it or after it."""
    ended = kind.ended != NEVER
    hits = int((ended & (kind.occurred < kind.ended) & (kind.recorded >= kind.ended)).sum())
    share = hits / len(kind)
    if hits < FEWEST or least_share(hits, len(kind)) < WRITTEN_AFTER:
        return
    yield Evidence(
        "written_after",
        "conclusive",
        f"{hits:,} of {len(kind):,} records ({share:.0%}) are dated before the outcome but were written down "
        "at it or after it: they stand there because of it.",
        {"records": len(kind), "written_after": hits, "share": share},
        (("dated before, written after the outcome", share),),
    )


def late(kind: ActivityType) -> Iterator[Evidence]:
    """A good part is written down more than a day late; features wait for the record, so this is a hint."""
    lag = kind.recorded - kind.occurred
    share = float((lag > DAY).mean())
    if share < LATE:
        return
    days = float(np.median(lag[lag > DAY]) / DAY)
    yield Evidence(
        "late",
        "hint",
        f"{share:.0%} of its records were written down more than a day after they happened, {days:.0f} days "
        "in the median. Features count them from then on.",
        {"records": len(kind), "share_late": share, "median_days": days},
        (("written down more than a day late", share),),
    )


def out_of_order(kind: ActivityType) -> Iterator[Evidence]:
    """Records are older than what they record, or than the lead they belong to."""
    too_early = (kind.recorded < kind.occurred - MINUTE) | (kind.occurred < kind.created - DAY)
    share = float(too_early.mean())
    if share < EARLY:
        return
    yield Evidence(
        "out_of_order",
        "hint",
        f"{share:.0%} of its records are dated before their lead, or were written down before they happened.",
        {"records": len(kind), "share": share},
        (("dated before what they depend on", share),),
    )
