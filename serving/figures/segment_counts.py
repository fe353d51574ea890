"""The leads of each segment, counted: how many came, how far they got, and on which day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from models.horizon_rates import HorizonRates, horizon_rates
from models.shrinkage import Prior, fit_prior
from serving.figures.dimensions import Dimension
from serving.figures.file import Figures
from serving.figures.periods import Period

MOST: Final = 300
"""Segments that are told apart; smaller ones are counted together."""

COUNTED: Final = ("leads", "mqls", "sqls", "looks", "predicted", "came")

Key = tuple[str | None, ...]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class SegmentCounts:
    """The segments, the largest first, and behind them all leads together as the last row of each array.

    ``went`` and ``left`` count by day since the lead came, 0 to the horizon: those that reached the target on
    it, and those that came so few days ago. ``looks`` is how many leads the back-test has looked at;
    ``predicted`` sums what was said of them, ``came`` counts those that reached the target.
    """

    keys: tuple[Key, ...]
    leads: Floats
    mqls: Floats
    sqls: Floats
    went: Floats
    left: Floats
    looks: Floats
    predicted: Floats
    came: Floats

    @cached_property
    def rates(self) -> HorizonRates:
        """The rate within the horizon of each segment, and of all leads."""
        return horizon_rates(self.went, self.left, self.leads)

    @cached_property
    def rest_rates(self) -> HorizonRates:
        """The rate of all leads that are not of the segment."""
        return horizon_rates(*(part[-1:] - part[:-1] for part in (self.went, self.left, self.leads)))

    @cached_property
    def prior(self) -> Prior:
        """Toward what the segments' rates are drawn, and how much: see `models.shrinkage`."""
        rates = self.rates
        overall = float(np.nan_to_num(rates.share[-1]))
        return fit_prior(rates.won[:-1], rates.effective[:-1], overall)

    @property
    def others(self) -> SegmentCounts | None:
        """The segments that are too small to be told apart, as one; None if there are none."""
        counted = {name: getattr(self, name) for name in self.__dataclass_fields__ if name != "keys"}
        rest = {name: part[-1:] - part[:-1].sum(axis=0, keepdims=True) for name, part in counted.items()}
        return SegmentCounts((), **rest) if rest["leads"][0] > 0 else None


def segment_counts(figures: Figures, by: Sequence[Dimension], period: Period) -> SegmentCounts:
    """Return the counts of the leads that came in the period, by one or two things in which they differ."""
    return _counted(figures, by, [tuple(range(len(by)))], period)[0]


def counts_of_each(
    figures: Figures, by: Sequence[Dimension], period: Period
) -> Mapping[Dimension, SegmentCounts]:
    """Return the counts by each of several things, each for itself."""
    if not by:
        return {}
    each = _counted(figures, by, [(place,) for place in range(len(by))], period)
    return dict(zip(by, each, strict=True))


def _counted(
    figures: Figures, by: Sequence[Dimension], sets: Sequence[tuple[int, ...]], period: Period
) -> list[SegmentCounts]:
    horizon = figures.agreement.target.within_days
    parameters = {
        "begins": period.begins,
        "horizon": horizon,
        "most": MOST,
    }
    found = figures.arrays(_sql([[by[place].column for place in own] for own in sets]), parameters)
    return [
        _arrays({name: column[found["part"] == part] for name, column in found.items()}, len(own), horizon)
        for part, own in enumerate(sets)
    ]


def _sql(parts: Sequence[Sequence[str]]) -> str:
    """Return the query for counts by several lists of columns, and by day; ``place`` 0 is all leads.

    Whoever has not reached the target was seen until now, ended or not: a lead that was turned down may come
    back, and if it counted as seen for ever, young leads would weigh the rate down (Fine and Gray, A
    proportional hazards model for the subdistribution of a competing risk, 1999: where censoring is known).
    """
    kept = """
kept as materialized (
  select * exclude (days_to_target, days_seen), days_to_target is not null as is_sql,
    case when days_to_target <= $horizon then days_to_target end as went,
    case when days_seen < $horizon then days_seen end as left_at
  from segments where $begins::timestamp is null or created_at >= $begins::timestamp
)"""
    widest = max(map(len, parts))
    told = ",".join(_part(place, columns, widest) for place, columns in enumerate(parts))
    found = " union all ".join(f"select * from found{place}" for place in range(len(parts)))
    keys = ", ".join(f"coalesce(key{place}, '') as key{place}" for place in range(widest))
    counts = ", ".join(f"{name}::double as {name}" for name in COUNTED)
    return f"""
with {kept},{told}
select part, place, {keys}, coalesce(went, -1) as went, coalesce(left_at, -1) as left_at, {counts}
from ({found})"""


def _part(part: int, columns: Sequence[str], widest: int) -> str:
    keys = [f"key{place}" for place in range(len(columns))]
    named = ", ".join(f"{column} as {key}" for column, key in zip(columns, keys, strict=True))
    same = " and ".join(f"t.{key} is not distinct from r.{key}" for key in keys)
    shown = [f"r.{key}" for key in keys] + ["null"] * (widest - len(keys))
    empty = ["null"] * widest
    own = ", ".join(f"t.{name}" for name in COUNTED)
    counts = ", ".join(f"sum({name}) as {name}" for name in COUNTED)
    return f"""
told{part} as materialized (
  select {named}, went, left_at, count(*) as leads, count(*) filter (is_mql) as mqls,
    count(*) filter (is_sql) as sqls, count(predicted) as looks, sum(predicted) as predicted,
    count(*) filter (came) as came
  from kept group by all
),
ranked{part} as (
  select {", ".join(keys)}, row_number() over (order by sum(leads) desc, {", ".join(keys)}) as place
  from told{part} group by {", ".join(keys)}
),
found{part} as (
  select {part} as part, r.place, {", ".join(shown)}, t.went, t.left_at, {own}
  from told{part} t join ranked{part} r on {same} where r.place <= $most
  union all
  select {part}, 0, {", ".join(empty)}, went, left_at, {counts} from told{part} group by went, left_at
)"""


def _arrays(found: Mapping[str, NDArray[Any]], keys: int, horizon: int) -> SegmentCounts:
    """Return the rows of one part as arrays: by place, and all leads, whose place is 0, behind them."""
    size = 1 + int(found["place"].max(initial=0))
    places = (found["place"].astype(np.int64) - 1) % size
    _, first = np.unique(places, return_index=True)
    named = tuple(
        tuple(found[f"key{key}"][row] or None for key in range(keys)) for row in first[: size - 1].tolist()
    )
    counted = {name: np.bincount(places, found[name], size).astype(np.float64) for name in COUNTED}
    went, left = (
        _by_day(places, found[day].astype(np.int64), found["leads"], (size, horizon + 1))
        for day in ("went", "left_at")
    )
    return SegmentCounts(named, **counted, went=went, left=left)


def _by_day(
    places: NDArray[np.int64], days: NDArray[np.int64], leads: Floats, shape: tuple[int, int]
) -> Floats:
    known = days >= 0
    cells = places[known] * shape[1] + days[known]
    return np.bincount(cells, leads[known], shape[0] * shape[1]).astype(np.float64).reshape(shape)
