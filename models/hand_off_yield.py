"""What a cut-off brings: leads handed to sales, SQLs among them and SQLs missed, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from features.moments import Moments
from models.cut_off import weeks_of
from models.intervals import rate_interval
from models.metrics import Floats, Labels
from models.paired import Interval

Counts = NDArray[np.int64]


@dataclass(frozen=True)
class JudgedLeads:
    """The leads of the forward test, each counted once however often it was looked at.

    ``best`` is the highest probability that any of a lead's looks was given, so a lead is handed off if
    it reaches the cut-off. ``reached`` tells whether any of those looks was followed by the target within
    the horizon. ``weeks`` lie between the first look of all and the last. Of leads that were there before
    the test began only its own, later looks count.
    """

    best: Floats
    reached: Labels
    weeks: float

    @classmethod
    def of(cls, probability: Floats, label: Labels, lead: Moments, as_of: Moments) -> JudgedLeads:
        """Return the leads of some looks: a probability, its outcome, whose it is and when it was."""
        numbers, place = np.unique(lead, return_inverse=True)
        best = np.zeros(len(numbers))
        np.maximum.at(best, place, probability)
        return cls(best, np.bincount(place, label) > 0, weeks_of(as_of))

    def __len__(self) -> int:
        return len(self.best)

    @property
    def sqls(self) -> int:
        """How many of them reached the target."""
        return int(self.reached.sum())


@dataclass(frozen=True)
class Yield:
    """What a cut-off brought in the forward test, with 95 % intervals.

    ``handed`` counts leads, ``per_week`` is their mean number a week and ``share`` their share of all
    leads. ``caught`` and ``missed`` count the SQLs among them and among the others. ``caught_share`` is of
    all SQLs (None without any), ``precision`` the share of SQLs among the leads that were handed off
    (None if nobody was).
    """

    handed: int
    per_week: Interval
    share: Interval
    caught: Interval
    missed: Interval
    caught_share: Interval | None
    precision: Interval | None


def yields(leads: JudgedLeads, cuts: Floats) -> list[Yield]:
    """Return what each cut-off brings.

    The intervals hold the cut-off and the number of leads fixed, and say what could have come if other
    leads had: see `intervals_of`. They do not tell how one week differs from another.
    """
    order = np.argsort(leads.best, kind="stable")
    first = np.searchsorted(leads.best[order], cuts, side="left")
    missed = np.concatenate([[0], np.cumsum(leads.reached[order], dtype=np.int64)])[first]
    handed, caught = len(leads) - first, leads.sqls - missed
    every = np.full(len(cuts), len(leads))
    columns = (
        handed.tolist(),
        intervals_of(handed, every, len(leads) / leads.weeks),
        intervals_of(handed, every),
        intervals_of(caught, every, len(leads)),
        intervals_of(missed, every, len(leads)),
        intervals_of(caught, np.full(len(cuts), leads.sqls)),
        intervals_of(caught, handed),
    )
    return [Yield(*one) for one in zip(*columns, strict=True)]


def intervals_of(some: Counts, of: Counts, scale: float = 1.0) -> list[Interval | None]:
    """Return how large a part ``some`` is ``of`` a whole, times a scale, as intervals; None of nothing.

    A lead either belongs to the part or does not, and each counts once. So these intervals (Wilson's)
    are those of drawing the leads again, but keep their width where the part is all or nothing.
    """
    low, high = rate_interval(some.astype(np.float64), of.astype(np.float64))
    value = some * scale / np.maximum(of, 1)
    ends = np.minimum(low * scale, value), np.maximum(high * scale, value)
    rows = np.column_stack([value, *ends]).tolist()
    return [Interval(*row) if whole else None for row, whole in zip(rows, of.tolist(), strict=True)]
