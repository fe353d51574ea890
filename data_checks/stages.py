"""The revenue cycle: the places a lead can be in, in the order in which it passes them."""

from __future__ import annotations

from typing import Final, Literal, get_args

StageName = Literal["inquiry", "mql", "sal", "sql", "opportunity", "won", "recycled", "disqualified", "lost"]

STAGE_NAMES: Final[tuple[StageName, ...]] = get_args(StageName)
REVENUE_CYCLE: Final[tuple[StageName, ...]] = STAGE_NAMES[:6]
DETOURS: Final[tuple[StageName, ...]] = STAGE_NAMES[6:]

STAGE_MEANINGS: Final[dict[StageName, str]] = {
    "inquiry": "has shown interest",
    "mql": "qualified by marketing",
    "sal": "accepted by sales",
    "sql": "qualified by sales",
    "opportunity": "in a deal",
    "won": "bought",
    "recycled": "handed back to marketing",
    "disqualified": "not a buyer",
    "lost": "deal lost",
}


def has_reached(stage: StageName, target: StageName) -> bool:
    """Tell whether a lead seen in ``stage`` has reached ``target``.

    A later stage of the revenue cycle counts as having passed the earlier ones; a detour counts
    only for itself.

    >>> has_reached("opportunity", "sql"), has_reached("mql", "sql"), has_reached("lost", "sql")
    (True, False, False)
    """
    if stage in REVENUE_CYCLE and target in REVENUE_CYCLE:
        return REVENUE_CYCLE.index(stage) >= REVENUE_CYCLE.index(target)
    return stage == target
