"""Segments that differ from the rest for sure, though one has looked at many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from models.rate_differences import difference_interval, errors_for
from serving.figures.dimensions import Dimension
from serving.figures.rates import FEW, Estimate
from serving.figures.segment_counts import SegmentCounts
from serving.figures.segments import Segment, segments, shrunk_rates


@dataclass(frozen=True)
class Contrast:
    """A segment beside the leads that are not of it.

    ``rest`` is the rate of these. ``difference`` is the segment's rate less theirs, and ``sure_shrunk`` its
    shrunk rate, with intervals that hold for all segments at once.
    """

    dimension: Dimension
    segment: Segment
    rest: float
    difference: Estimate
    sure_shrunk: Estimate

    @property
    def direction(self) -> int:
        """1 if its rate is higher than that of the rest for sure, -1 if it is lower, 0 if nobody can tell."""
        low, high = self.difference.low, self.difference.high
        return int(low is not None and low > 0) - int(high is not None and high < 0)


@dataclass(frozen=True)
class Contrasts:
    """All segments of known value and at least 20 leads: ``errors`` standard errors hold for them at once."""

    found: tuple[Contrast, ...]
    errors: float


def contrasts(counted: Mapping[Dimension, SegmentCounts]) -> Contrasts:
    """Return each segment beside the rest; intervals hold for all of them at once."""
    told = {one: _comparable(counts) for one, counts in counted.items()}
    errors = errors_for(sum(map(len, told.values())))
    found = [
        contrast for one, counts in counted.items() for contrast in _contrasts(one, counts, told[one], errors)
    ]
    return Contrasts(tuple(found), errors)


def _comparable(counts: SegmentCounts) -> list[int]:
    rest = counts.leads[-1] - counts.leads[:-1]
    return [
        place
        for place, (value,) in enumerate(counts.keys)
        if value is not None
        and min(counts.leads[place], rest[place]) >= FEW
        and counts.rates.effective[place] > 0
    ]


def _contrasts(
    dimension: Dimension, counts: SegmentCounts, places: Sequence[int], errors: float
) -> list[Contrast]:
    own, rest = counts.rates, counts.rest_rates
    own_low, own_high = own.exact_interval(errors)
    share, others = np.nan_to_num(own.share[:-1]), np.nan_to_num(rest.share)
    low, high = difference_interval(share, (own_low[:-1], own_high[:-1]), others, rest.exact_interval(errors))
    shown, shrunk = segments(counts), shrunk_rates(counts, counts.prior, errors)
    return [
        Contrast(
            dimension,
            shown[place],
            float(others[place]),
            Estimate(
                float(share[place] - others[place]),
                float(low[place]),
                float(high[place]),
                shown[place].leads,
            ),
            shrunk[place],
        )
        for place in places
    ]
