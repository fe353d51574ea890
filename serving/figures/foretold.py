"""What was said of leads beside what came: by probability and by kind of leads."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import Final, Literal

from models.calibration_bands import ENDS
from models.slices import holm
from serving.figures.file import Figures, Row
from serving.figures.rates import Estimate, Rate, shared_rate

Counting = Literal["first", "last", "each"]
COUNTINGS: Final[Mapping[Counting, str]] = {
    "first": "the first look at it",
    "last": "the latest look at it",
    "each": "all looks at it, sharing it out",
}
"""How a lead that was looked at several times counts: once in any case."""

DIMENSIONS: Final[Mapping[str, str]] = {
    "source_group": "Source",
    "industry": "Industry",
    "size": "Employees",
    "country": "Country",
}
MOST_KINDS: Final = 12
NOT_KNOWN: Final = "not known"
ENOUGH: Final = 5.0
"""Conversions, and leads without one, that must be expected before a kind is judged."""

_LOOKS: Final = """
  from judged where $counting = 'each' or ($counting = 'first' and nth = 1)
    or ($counting = 'last' and nth_last = 1)
"""


@dataclass(frozen=True)
class Window:
    """The looks that are judged: how many, at how many leads, from when to when; None without any."""

    leads: int
    looks: int
    begins: datetime | None
    ends: datetime | None


@dataclass(frozen=True)
class Given:
    """Leads that were given a probability from ``begin`` to below ``end``: said on average, and what came."""

    begin: float
    end: float
    said: float
    came: Rate | Estimate

    @property
    def words(self) -> str:
        """The band in words.

        >>> Given(0.3, 0.4, 0.35, Rate(1, 2)).words
        '30 to 40 %'
        """
        return f"{100 * self.begin:g} to {100 * self.end:g} %"

    @property
    def is_off(self) -> bool:
        """Whether what was said lies outside the interval of what came."""
        low, high = self.came.interval if isinstance(self.came, Rate) else (self.came.low, self.came.high)
        return low is not None and high is not None and not low <= self.said <= high


@dataclass(frozen=True)
class Kind:
    """Leads of a kind: ``expected`` conversions were foretold, ``came`` is what came of them.

    ``chance`` is how probable so large a miss is if all was foretold truly, None where it cannot be told of
    so few; ``is_off`` says that it is too small for all kinds together (Holm, 5 %).
    """

    dimension: str
    name: str
    leads: int
    expected: float
    came: Rate
    chance: float | None
    is_off: bool = False

    @property
    def said(self) -> float:
        """The share that was foretold."""
        return self.expected / self.leads

    @property
    def verdict(self) -> str:
        """What is to be said of it."""
        if self.chance is None:
            return "too few to tell"
        if not self.is_off:
            return "not surely off"
        return "surely too much" if self.expected > self.came.won else "surely too little"


def judged_window(figures: Figures) -> Window:
    """Return what is judged."""
    row = figures.row(
        """
        select count(distinct lead_id) as leads, count(*) as looks, min(as_of) as begins, max(as_of) as ends
        from judged
        """
    )
    return Window(**row)


def given(figures: Figures, counting: Counting) -> tuple[Given, ...]:
    """Return the bands of probability in which there are leads, the lowest first."""
    # Bands end at whole twentieths.
    rows = figures.rows(
        f"""
        select least(floor(probability * 20), 19)::int as cell, sum(1.0 / looks) as shared, count(*) as looks,
          sum(probability / looks) as said_shared, sum(probability) as said,
          sum(converted::int / looks) as came_shared, sum(converted::int)::int as came
        {_LOOKS} group by cell
        """,
        {"counting": counting},
    )
    ends = [round(20 * end) for end in ENDS]
    found = [
        (begin / 20, end / 20, [row for row in rows if begin <= row["cell"] < end])
        for begin, end in pairwise(ends)
    ]
    return tuple(_given(begin, end, part, counting == "each") for begin, end, part in found if part)


def _given(begin: float, end: float, rows: Sequence[Row], is_shared: bool) -> Given:
    total = {name: sum(row[name] for row in rows) for name in rows[0]}
    if is_shared:
        leads = total["shared"]
        return Given(begin, end, total["said_shared"] / leads, shared_rate(total["came_shared"], leads))
    return Given(begin, end, total["said"] / total["looks"], Rate(total["came"], total["looks"]))


def kinds(figures: Figures, counting: Counting) -> tuple[Kind, ...]:
    """Return every kind of leads, by each way of parting them; what is surely off is marked.

    A kind's conversions are a sum of leads that each convert with their own probability: its variance is the
    sum of p(1 - p). The chance of the miss is that of a normal distribution, where 5 conversions and as many
    leads without one are expected.
    """
    columns = ", ".join(DIMENSIONS)
    rows = figures.rows(
        f"""
        with own as (
          select lead_id, avg(probability) as p, avg(converted::int) as came
          {_LOOKS} group by lead_id
        ), parted as (
          select {", ".join(f"coalesce(l.{name}, '{NOT_KNOWN}') as {name}" for name in DIMENSIONS)}, p, came
          from own join leads l using (lead_id)
        )
        select {columns}, count(*) as leads, sum(p) as expected, sum(came) as came,
          sum(p * (1 - p)) as variance
        from parted group by grouping sets ({", ".join(f"({name})" for name in DIMENSIONS)})
        """,
        {"counting": counting},
    )
    found = [_kind(dimension, row) for dimension in DIMENSIONS for row in _told(rows, dimension)]
    told = [kind.chance for kind in found if kind.chance is not None]
    marks = iter(holm(told))
    return tuple(kind if kind.chance is None else replace(kind, is_off=next(marks)) for kind in found)


def _told(rows: Sequence[Row], dimension: str) -> list[Row]:
    """Return the commonest kinds, the others together, and last those of which it is not known."""
    own = [{**row, "kind": row[dimension]} for row in rows if row[dimension] is not None]
    own.sort(key=lambda row: (-row["leads"], row["kind"]))
    named = [row for row in own if row["kind"] != NOT_KNOWN]
    others, unknown = named[MOST_KINDS:], [row for row in own if row["kind"] == NOT_KNOWN]
    summed = {name: sum(row[name] for row in others) for name in ("leads", "expected", "came", "variance")}
    return [*named[:MOST_KINDS], *([{**summed, "kind": "any other"}] if others else []), *unknown]


def _kind(dimension: str, row: Row) -> Kind:
    leads, expected = row["leads"], row["expected"]
    chance = None
    if min(expected, leads - expected) >= ENOUGH and row["variance"] > 0:
        chance = math.erfc(abs(row["came"] - expected) / math.sqrt(2 * row["variance"]))
    return Kind(dimension, row["kind"], leads, expected, Rate(round(row["came"]), leads), chance)
