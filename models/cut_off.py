"""The probability from which on a lead is handed to sales, found by the agreed hand-off rule."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from data_checks.agreement import Agreement
from data_checks.handoff import ByCapacity, ByProbability, Handoff
from features.moments import DAY, Moments

NOBODY = 2.0
"""A cut-off that no lead reaches, however certain."""


def cut_off(
    agreement: Agreement,
    probability: NDArray[np.float64],
    label: NDArray[np.bool_],
    lead: Moments,
    as_of: Moments,
) -> float:
    """Return the least probability that is handed off as agreed, from scores given forward in time."""
    return cut_off_by(agreement.handoff, probability, label, lead, as_of)


def cut_off_by(
    rule: Handoff,
    probability: NDArray[np.float64],
    label: NDArray[np.bool_],
    lead: Moments,
    as_of: Moments,
) -> float:
    """Return the least probability that a rule hands off.

    *By probability* it is the agreed one. *By capacity* it is the one that as many leads a week
    reached, each counted once, as sales agreed to work. *By precision* it is the lowest one from which
    on the agreed share of rows did convert; where none does, nobody is handed off.
    """
    if isinstance(rule, ByProbability):
        return rule.at_least
    if isinstance(rule, ByCapacity):
        return _for_capacity(probability, lead, round(rule.leads_per_week * weeks_of(as_of)))
    return _for_precision(probability, label, rule.at_least)


def weeks_of(as_of: Moments) -> float:
    """Return the weeks from the first look to the last; less than a week counts as one."""
    return max((int(as_of.max()) - int(as_of.min())) / (7 * DAY), 1.0)


def capacity_share(probability: NDArray[np.float64], cut: float) -> float:
    """Return the share of scores that reach the cut-off: what sales has capacity for."""
    return float((probability >= cut).mean()) if len(probability) else 0.0


def _for_capacity(probability: NDArray[np.float64], lead: Moments, most: int) -> float:
    best = np.full(int(lead.max()) + 1, -1.0)
    np.maximum.at(best, lead, probability)
    ranked = np.sort(best[best >= 0])[::-1]
    if most >= len(ranked):
        return 0.0
    # Of leads with one score at the border none is handed off rather than all.
    above = ranked[ranked > ranked[most]]
    return float(above[-1]) if len(above) else NOBODY


def _for_precision(probability: NDArray[np.float64], label: NDArray[np.bool_], at_least: float) -> float:
    order = np.argsort(-probability, kind="stable")
    precision = np.cumsum(label[order]) / np.arange(1, len(order) + 1)
    ends = np.flatnonzero(np.diff(probability[order], append=-1.0) != 0)
    good = ends[precision[ends] >= at_least]
    return float(probability[order][good[-1]]) if len(good) else NOBODY
