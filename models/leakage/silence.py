"""Evidence about periods: a time in which leads came in and no outcome was recorded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from features.moments import DAY, NEVER, Moments, to_time
from models.leakage.evidence import Bars, Evidence
from models.leakage.facts import FEWEST, Facts, Floats

BINS: Final = 200
LEAST_SHARE_OF_HISTORY: Final = 0.05
EXPECTED: Final = 25.0
STRAYS: Final = 0.05
LOST: Final = 0.1


@dataclass(frozen=True)
class Silence:
    """Leads looked at from ``since`` until before ``until`` (microseconds) have labels that mean nothing."""

    since: int
    until: int
    evidence: Evidence


def silences(facts: Facts) -> Iterator[Silence]:
    """Find gaps in the record of outcomes.

    Time is cut into 200 bins. How many outcomes a bin should hold follows from how many leads came in
    before it and how often leads of that age reach the target, over the whole history; and to allow for
    a rate that moves, that is scaled to the outcomes of an equally long time beside the gap. A gap lasts
    a twentieth of the history at least, 25 outcomes were to be expected in it, and one in twenty of these
    at most is there: whoever starts to record often has a few from before.
    """
    if int((facts.reached != NEVER).sum()) < FEWEST:
        return
    begin = int(facts.records.created.min())
    width = max((facts.now - begin) // BINS + 1, 1)
    observed = _in_bins(facts.reached[facts.reached != NEVER], begin, width)
    arrived = _in_bins(facts.records.created, begin, width)
    by_age = _rate_by_age(facts, width, arrived)
    expected = np.convolve(arrived, by_age)[:BINS]
    for first, last in _runs(observed, expected):
        wanted = _scaled(observed, expected, first, last)
        if wanted >= EXPECTED and last - first >= LEAST_SHARE_OF_HISTORY * BINS:
            lost = np.flatnonzero(_lost_share(by_age, first, last, facts, width) > LOST)
            since = begin + int(lost.min(initial=first)) * width
            until = _resumes(facts, begin + last * width)
            found = int(observed[first:last].sum())
            bars = _pictured(observed, expected, begin, width)
            told = _told(begin + first * width, until, found, wanted, bars)
            yield Silence(since, until, told)


def _told(since: int, until: int, found: int, wanted: float, bars: Bars) -> Evidence:
    text = (
        f"From {to_time(since):%Y-%m-%d} to {to_time(until):%Y-%m-%d} {_counted(found)} on record where "
        f"about {wanted:.0f} were to be expected: leads of that time look lost and are not."
    )
    return Evidence("silence", "conclusive", text, {"expected": wanted, "observed": found}, bars)


def _counted(found: int) -> str:
    return {0: "no outcome is", 1: "one outcome is"}.get(found, f"{found:,} outcomes are")


def _in_bins(moments: Moments, begin: int, width: int) -> Floats:
    place = (moments - begin) // width
    kept = place[(place >= 0) & (place < BINS)].astype(np.intp)
    return np.bincount(kept, minlength=BINS).astype(np.float64)


def _rate_by_age(facts: Facts, width: int, arrived: Floats) -> Floats:
    """Return, for each age in bins, the share of the leads watched that long that reached the target then."""
    reached = facts.reached != NEVER
    begin = int(facts.records.created.min())
    bins = (facts.reached[reached] - begin) // width - (facts.records.created[reached] - begin) // width
    hits = np.bincount(bins[(bins >= 0) & (bins < BINS)].astype(np.intp), minlength=BINS)
    watched = np.cumsum(arrived)[::-1]
    return np.asarray(hits / np.maximum(watched, 1.0))


def _runs(observed: Floats, expected: Floats) -> Iterator[tuple[int, int]]:
    """Return the spans without outcomes, strays aside, as [first, last); none begins or ends with one."""
    done = 0
    for first in np.flatnonzero(observed == 0).tolist():
        if first < done:
            continue
        strays = np.cumsum(observed[first:]) > STRAYS * np.cumsum(expected[first:])
        done = first + (int(strays.argmax()) if strays.any() else BINS - first)
        yield first, first + 1 + int(np.flatnonzero(observed[first : max(done, first + 1)] == 0).max())


def _scaled(observed: Floats, expected: Floats, first: int, last: int) -> float:
    """Return the outcomes expected in a span if the rate was the lower one of the times beside it."""
    length = last - first
    sides = [slice(max(first - length, 0), first), slice(last, last + length)]
    ratios = [observed[side].sum() / expected[side].sum() for side in sides if expected[side].sum() >= FEWEST]
    return float(expected[first:last].sum() * min([1.0, *ratios]))


def _lost_share(by_age: Floats, first: int, last: int, facts: Facts, width: int) -> Floats:
    """Return for leads looked at in each bin the share of their outcomes that falls into the gap."""
    horizon = max(round(facts.agreement.target.within_days * DAY / width), 1)
    by_age = by_age[:horizon]
    reach = np.concatenate([[0.0], np.cumsum(by_age)]) / max(float(by_age.sum()), 1e-12)
    bins = np.arange(BINS)
    until, since = (np.clip(edge - bins, 0, len(by_age)) for edge in (last, first))
    return np.asarray(reach[until] - reach[since])


def _resumes(facts: Facts, after: int) -> int:
    """Return the moment of the first outcome after a gap; the present if there is none."""
    later = facts.reached[(facts.reached != NEVER) & (facts.reached >= after)]
    return min(int(later.min(initial=facts.now)), facts.now)


def _pictured(observed: Floats, expected: Floats, begin: int, width: int) -> Bars:
    """Return recorded over expected outcomes for each twentieth of the history."""
    step = BINS // 20
    parts = [slice(place, place + step) for place in range(0, BINS, step)]
    shares = [float(observed[part].sum() / max(expected[part].sum(), 1.0)) for part in parts]
    days = [f"{to_time(begin + part.start * width):%Y-%m-%d}" for part in parts]
    return tuple(zip(days, shares, strict=True))
