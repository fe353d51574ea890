"""What it would bring to have some leads come from elsewhere."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

import numpy as np

from models.rate_differences import difference_interval
from serving.figures.contrasts import Contrast
from serving.figures.dimensions import Dimension
from serving.figures.file import Figures
from serving.figures.rates import Estimate

MOVED: Final = 0.1
"""The part of a segment's leads that would come from elsewhere."""


@dataclass(frozen=True)
class Move:
    """Some leads a month that would come from segment ``more`` in place of ``less``.

    ``leads`` is a tenth of those of ``less``, but no more than come from ``more`` now: nobody knows whether
    there are more to be had. ``gain`` are the qualified leads a month that it would bring, at the shrunk
    rates, with an interval that holds for all segments at once.
    """

    less: Contrast
    more: Contrast
    less_a_month: float
    more_a_month: float
    leads: float
    gain: Estimate

    @property
    def dimension(self) -> Dimension:
        """What the two segments differ in."""
        return self.less.dimension

    @property
    def grows(self) -> float:
        """How much more would come from ``more``, as a share of what comes now."""
        return self.leads / self.more_a_month


def ended_campaigns(figures: Figures) -> frozenset[str]:
    """Return the campaigns that are not under way any more."""
    rows = figures.rows("select campaign_id from campaigns where ended_at <= $now", {"now": figures.now})
    return frozenset(row["campaign_id"] for row in rows)


def moves(found: Sequence[Contrast], months: float, over: Collection[str]) -> tuple[Move, ...]:
    """Return what would bring more, for sure: the best first.

    ``found`` are the segments beside the rest, of each thing together, counted over so many ``months``.
    ``over`` are the campaigns that are not under way any more: nobody can have more of them, or less.
    """
    suggested: list[Move] = []
    for dimension, group in groupby(found, key=lambda one: one.dimension):
        own = [one for one in group if dimension.name != "campaign" or one.segment.key[0] not in over]
        better = [one for one in own if one.direction > 0]
        for worse in (one for one in own if one.direction < 0):
            tried = [_move(worse, one, months) for one in better]
            sure = [move for move in tried if move.gain.low is not None and move.gain.low > 0]
            suggested += sorted(sure, key=_gain)[-1:]
    return tuple(sorted(suggested, key=_gain, reverse=True))


def _gain(move: Move) -> tuple[float, str]:
    return move.gain.value or 0.0, str(move.less.segment.key)


def _move(less: Contrast, more: Contrast, months: float) -> Move:
    less_a_month, more_a_month = less.segment.leads / months, more.segment.leads / months
    leads = min(MOVED * less_a_month, more_a_month)
    (one, *its), (other, *theirs) = (_numbers(part.sure_shrunk) for part in (more, less))
    low, high = difference_interval(one, (its[0], its[1]), other, (theirs[0], theirs[1]))
    gain = Estimate(
        leads * float((one - other)[0]),
        leads * float(low[0]),
        leads * float(high[0]),
        less.segment.leads + more.segment.leads,
    )
    return Move(less, more, less_a_month, more_a_month, leads, gain)


def _numbers(estimate: Estimate) -> list[np.ndarray[tuple[int], np.dtype[np.float64]]]:
    return [np.array([part], np.float64) for part in (estimate.value, estimate.low, estimate.high)]
