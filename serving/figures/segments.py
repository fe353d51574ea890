"""Segments as a page shows them: what came of their leads, and what had been said of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.intervals import Z
from models.shrinkage import Prior
from serving.figures.rates import Estimate, Rate
from serving.figures.segment_counts import Floats, Key, SegmentCounts


@dataclass(frozen=True)
class Segment:
    """Leads that have the same ``key``; without one, the segments that are too small to be told apart.

    ``young`` leads have not had the agreed days yet, nor reached the target. ``rate`` is the share that
    reaches it within these days (Kaplan-Meier), ``shrunk`` the same drawn toward the rate of all leads.
    ``predicted`` is the mean of what the back-test said of those leads of which ``came`` tells the outcome.
    ``median`` is the day by which half of those that reach the target within the days have reached it.
    """

    key: Key
    leads: int
    mqls: int
    sqls: int
    young: int
    rate: Estimate
    shrunk: Estimate
    predicted: float | None
    came: Rate
    median: float | None


def segments(counts: SegmentCounts) -> tuple[Segment, ...]:
    """Return the segments, the largest first, and those that are too small to be told apart as the last."""
    plain, shrunk = rates_of(counts), shrunk_rates(counts, counts.prior)
    told = [
        _segment(counts, place, own, plain[place], shrunk[place]) for place, own in enumerate(counts.keys)
    ]
    others = counts.others
    if others is not None:
        told.append(_segment(others, 0, (), rates_of(others)[0], shrunk_rates(others, counts.prior)[0]))
    return tuple(told)


def whole(counts: SegmentCounts) -> Segment:
    """Return all leads as one segment, which is drawn toward nothing."""
    overall = rates_of(counts)[-1]
    return _segment(counts, len(counts.keys), (), overall, overall)


def rates_of(counts: SegmentCounts) -> list[Estimate]:
    """Return the rate within the horizon of each segment and of all leads."""
    return _estimates(counts.rates.share, counts.rates.interval(), counts)


def shrunk_rates(counts: SegmentCounts, prior: Prior, errors: float = Z) -> list[Estimate]:
    """Return the rates drawn toward that of all leads; their intervals hold so many standard ``errors``."""
    won, leads = counts.rates.won, counts.rates.effective
    return _estimates(prior.shrunk(won, leads), prior.interval(won, leads, errors), counts)


def _estimates(middle: Floats, ends: tuple[Floats, Floats], counts: SegmentCounts) -> list[Estimate]:
    each = zip(middle, *ends, counts.rates.effective, counts.leads, strict=True)
    return [
        Estimate(float(share), float(low), float(high), int(leads))
        if tells
        else Estimate(None, None, None, int(leads))
        for share, low, high, tells, leads in each
    ]


def _segment(counts: SegmentCounts, place: int, key: Key, rate: Estimate, shrunk: Estimate) -> Segment:
    looks, median = int(counts.looks[place]), float(counts.rates.median[place])
    return Segment(
        key=key,
        leads=int(counts.leads[place]),
        mqls=int(counts.mqls[place]),
        sqls=int(counts.sqls[place]),
        young=int(counts.left[place].sum()),
        rate=rate,
        shrunk=shrunk,
        predicted=float(counts.predicted[place]) / looks if looks else None,
        came=Rate(int(counts.came[place]), looks),
        median=None if np.isnan(median) else median,
    )
