"""What campaigns cost, and what qualified leads and deals came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from models.intervals import Z
from serving.figures.dimensions import Dimension
from serving.figures.file import Figures, Row
from serving.figures.periods import Period
from serving.figures.rates import Estimate
from serving.figures.segment_counts import Key

Attribution = Literal["first", "last", "shared"]

ATTRIBUTIONS: Final[dict[Attribution, tuple[str, str]]] = {
    "first": ("first_touch", "the campaign of the first touch gets it all"),
    "last": ("last_touch", "the campaign of the last touch before it gets it all"),
    "shared": ("shared", "all touches before it get equal parts"),
}
"""By the name in the address: the column of the table ``credits``, and what it means."""


@dataclass(frozen=True)
class Money:
    """The campaigns' money in a segment.

    ``cost`` of the campaigns, each spread evenly over the leads that it met; ``sqls`` that reached the target
    and ``deals`` won, by their parts; ``won`` and ``still_open`` amounts of deals.
    """

    key: Key
    cost: float
    sqls: float
    deals: float
    won: float
    still_open: float

    @property
    def cost_per_sql(self) -> Estimate:
        """Cost by qualified lead; the interval is that of a count (Byar's, of Poisson's distribution)."""
        if not self.sqls or not self.cost:
            return Estimate(None, None, None, round(self.sqls))
        few, many = count_interval(self.sqls)
        return Estimate(
            self.cost / self.sqls, self.cost / many, self.cost / few if few else None, round(self.sqls)
        )

    @property
    def returned(self) -> float | None:
        """Won amount by cost."""
        return self.won / self.cost if self.cost else None


@dataclass(frozen=True)
class Spent:
    """The campaigns that count: ``counted`` of ``campaigns`` lie in the period; some ``met`` no lead."""

    campaigns: int
    counted: int
    unmet: int
    rows: tuple[Money, ...]
    total: Money


def campaign_money(
    figures: Figures, by: Sequence[Dimension], period: Period, attribution: Attribution
) -> Spent:
    """Return cost and yield by segment of the campaigns that lie wholly in the period, the dearest first.

    A campaign lies in it if it began and ended in it; in the whole history, if it is not under way any more.
    So its whole cost stands against all that came of it until now, whenever the leads came.
    """
    parameters = {"begins": period.begins, "now": figures.now}
    part = ATTRIBUTIONS[attribution][0]
    about = figures.row(f"{_INSIDE} {_ABOUT}", parameters)
    rows = figures.rows(f"{_INSIDE} {_by_segment(by, part)}", parameters)
    total = figures.row(f"{_INSIDE} {_owed('', part)}", parameters)
    return Spent(
        campaigns=about["campaigns"],
        counted=about["counted"],
        unmet=about["unmet"],
        rows=tuple(_money(row, tuple(row[f"key{place}"] for place in range(len(by)))) for row in rows),
        total=_money({**total, "cost": about["cost"]}, ()),
    )


def count_interval(count: float) -> tuple[float, float]:
    """Return the ends of the 95 % interval of a count of events.

    Source: Byar's approximation, in Breslow and Day, Statistical methods in cancer research II, 1987.
    """
    more = count + 1
    low = count * max(1 - 1 / (9 * count) - Z / (3 * np.sqrt(count)), 0.0) ** 3 if count else 0.0
    return float(low), float(more * (1 - 1 / (9 * more) + Z / (3 * np.sqrt(more))) ** 3)


def _money(row: Row, key: Key) -> Money:
    return Money(key, *(float(row[name] or 0) for name in _SUMS))


_INSIDE: Final = """
with inside as (
  select campaign_id, any_value(cost) as cost from campaigns
  where cost >= 0 and case when $begins::timestamp is null
      then coalesce(ended_at, started_at, $now::timestamp) <= $now::timestamp
      else started_at >= $begins::timestamp and ended_at <= $now::timestamp end
  group by campaign_id
)"""

_ABOUT: Final = """
select (select count(*) from campaigns) as campaigns, count(*) as counted, sum(cost) as cost,
  count(*) filter (campaign_id not in (select campaign_id from campaign_leads)) as unmet
from inside"""

_SUMS: Final = ("cost", "sqls", "deals", "won", "still_open")


def _owed(named: str, part: str) -> str:
    return f"""
select {named} 0.0 as cost,
  sum({part}) filter (event = 'target') as sqls,
  sum({part}) filter (event = 'deal' and is_won) as deals,
  sum({part} * amount) filter (event = 'deal' and is_won) as won,
  sum({part} * amount) filter (event = 'deal' and is_won is null) as still_open
from credits join inside using (campaign_id)"""


def _by_segment(by: Sequence[Dimension], part: str) -> str:
    """Return the query for cost and yield by segment: a campaign is the one that is paid, not the lead's."""
    keys = ", ".join(f"{one.column} as key{place}" for place, one in enumerate(by))
    named = ", ".join(f"key{place}" for place in range(len(by)))
    # What a campaign without leads cost stands with the campaign, and with no other segment.
    how = "left" if [one.column for one in by] == ["campaign_id"] else "inner"
    return f"""
select {named}, {", ".join(f"sum({one}) as {one}" for one in _SUMS)}
from (
  select {keys}, sum(cost * coalesce(part, 1.0)) as cost, 0.0 as sqls, 0.0 as deals, 0.0 as won,
    0.0 as still_open
  from inside {how} join campaign_leads using (campaign_id) group by {named}
  union all
  ({_owed(f"{keys},", part)} group by {named})
)
group by all order by cost desc, {named}"""
