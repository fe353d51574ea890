"""Evidence from when a column is filled: only once the outcome is known, or only in leads old enough."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from features.moments import DAY, NEVER
from models.leakage.chances import chance_of, difference_z, z_of
from models.leakage.evidence import Bars, Evidence
from models.leakage.facts import FEWEST, Column, Facts, Flags, means_by
from models.leakage.strength import auc_within

DECIDED_SHARE: Final = 0.98
TIED_FILL: Final = 0.07
YOUNG_LEADS: Final = 100
YOUNG_SHARE: Final = 0.67


def decided_only(facts: Facts, column: Column) -> Iterator[Evidence]:
    """The column is filled for leads whose outcome is known, and for hardly any other.

    Conclusive where at least 98 % of the filled leads are decided and chance cannot explain it, given how
    many of the leads that came in at the same time are.
    """
    decided = facts.ended != NEVER
    filled, known = int(column.filled.sum()), int((column.filled & decided).sum())
    if filled < FEWEST or known < DECIDED_SHARE * filled:
        return
    usual = float(means_by(facts.all_periods, decided)[facts.all_periods][column.filled].mean())
    if chance_of(known, filled, usual) >= facts.level:
        return
    yield Evidence(
        "decided_only",
        "conclusive",
        f"It is filled for {filled:,} leads, and {_all_or(known, filled)} of them had their outcome already; "
        f"of all leads that came in at the same time {usual:.0%} had.",
        {"filled": filled, "decided": known, "usual_share_decided": usual},
        _fill_by_outcome(facts, column),
    )


def fill_tied(facts: Facts, column: Column) -> Iterator[Evidence]:
    """The column is filled clearly more often, or less often, for leads that reached the target."""
    filled = column.filled[facts.rows]
    if not facts.comparable or filled.all() or not filled.any():
        return
    auc, error = auc_within(filled.astype(np.float64), facts.label, facts.period)
    if abs(auc - 0.5) - z_of(facts.level) * error < TIED_FILL:
        return
    reached, others = float(filled[facts.label].mean()), float(filled[~facts.label].mean())
    yield Evidence(
        "fill_tied",
        "hint",
        f"It is filled for {reached:.0%} of the leads that reached the target and for {others:.0%} of the "
        "others.",
        {"filled_of_reached": reached, "filled_of_others": others, "auc": auc},
        (("reached the target", reached), ("did not", others)),
    )


def young_lack(facts: Facts, column: Column) -> Iterator[Evidence]:
    """Leads that came in shortly before the export lack the column more often than those a little older.

    No outcome is needed. The youngest are those younger than half the median time to the outcome, the
    others between two and six times as old as that time; what drifts slowly is the same in both.
    """
    age = facts.now - facts.moment
    spans = _young_and_older(facts)
    if spans is None:
        return
    young, older = spans
    hits, other = int(column.filled[young].sum()), int(column.filled[older].sum())
    small, usual = hits / max(int(young.sum()), 1), other / max(int(older.sum()), 1)
    z = difference_z(other, int(older.sum()), hits, int(young.sum()))
    if small >= YOUNG_SHARE * usual or z < z_of(facts.level):
        return
    days = float(age[young].max() / DAY)
    yield Evidence(
        "young_lack",
        "hint",
        f"Of the leads younger than {days:.0f} days at the export {small:.0%} have it, of those a little "
        f"older {usual:.0%}: it is filled in later.",
        {"filled_of_youngest": small, "filled_of_older": usual, "youngest_days": days, "standard_errors": z},
        ((f"younger than {days:.0f} days", small), ("a little older", usual)),
    )


def _young_and_older(facts: Facts) -> tuple[Flags, Flags] | None:
    took = (facts.reached - facts.records.created)[facts.reached != NEVER]
    if len(took) < FEWEST or np.quantile(took, 0.9) <= np.quantile(took, 0.1):
        return None
    age, usual = facts.now - facts.moment, float(np.median(took))
    nearest = np.sort(age)[min(YOUNG_LEADS, len(age) - 1)]
    young = age <= max(usual / 2, float(nearest))
    older = (age > 2 * usual) & (age <= 6 * usual) & ~young
    enough = min(int(young.sum()), int(older.sum())) >= FEWEST and float(nearest) <= usual
    return (young, older) if enough else None


def _fill_by_outcome(facts: Facts, column: Column) -> Bars:
    reached = facts.reached != NEVER
    closed = ~reached & (facts.ended != NEVER)
    undecided = facts.ended == NEVER
    groups = (("reached the target", reached), ("closed without it", closed), ("undecided", undecided))
    return tuple((what, float(column.filled[who].mean())) for what, who in groups if who.any())


def _all_or(hits: int, total: int) -> str:
    return "all" if hits == total else f"{hits:,}"
