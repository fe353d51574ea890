"""What another hand-off rule, other grades or a floor for company size would have brought, in the past."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from data_checks.handoff import ByCapacity, ByProbability, Handoff
from serving.figures.file import Figures
from serving.figures.rates import Rate

MONTHS: Final = 3
"""The newest months of the back-test that are simulated: a quarter."""

_WEEK: Final = timedelta(days=7)


@dataclass(frozen=True)
class Terms:
    """What is agreed, or tried: the rule, the least company size, and the least probability of each grade."""

    handoff: Handoff
    grades: Mapping[str, float]
    employees_at_least: int | None = None


@dataclass(frozen=True)
class Past:
    """The leads of the newest months whose outcomes are known, from the first look at one to the last."""

    months: tuple[str, ...]
    begins: datetime
    ends: datetime
    leads: int
    sqls: int

    @property
    def weeks(self) -> float:
        """How long that was."""
        return max((self.ends - self.begins) / _WEEK, 1.0)


@dataclass(frozen=True)
class Outcome:
    """What terms would have brought.

    ``handed`` of all leads reach the ``cut_off``; of these ``reached`` the target within the agreed days;
    ``missed`` did so without having been handed over, ``turned_away`` of them for their size alone.
    ``grades`` tells of each grade how many of its leads reached the target.
    """

    cut_off: float | None
    handed: int
    per_week: float
    precision: Rate
    caught: Rate
    missed: int
    too_small: int
    turned_away: int
    grades: tuple[tuple[str, float, Rate], ...]


def past(figures: Figures) -> Past | None:
    """Return the leads that can be simulated on; None if the past was not replayed."""
    models = [row["model"] for row in figures.rows("select distinct model from past_scores order by 1 desc")]
    months = tuple(sorted(models[:MONTHS]))
    if not months:
        return None
    found = figures.row(
        """
        select min(as_of) as begins, max(as_of) as ends, count(distinct lead_id) as leads,
          count(distinct lead_id) filter (converted) as sqls
        from past_scores where list_contains($months, model)
        """,
        {"months": list(months)},
    )
    return Past(months, **found)


def simulated(figures: Figures, then: Past, terms: Terms) -> Outcome:
    """Return what terms would have brought in the past.

    Each lead counts once, with the highest probability that it was given in that time by models that knew
    nothing later; it is handed over if that reaches the cut-off. It reached the target if it did so within
    the agreed days of one of these looks. A capacity is what the weeks hold together.
    """
    cut_off = _cut_off(figures, then, terms)
    values = {**_scope(then, terms), "cut_off": 2.0 if cut_off is None else cut_off}
    found = figures.row(
        f"""
        {_BEST}
        select count(*) filter (fits and best >= $cut_off) as handed,
          count(*) filter (fits and best >= $cut_off and reached) as won,
          count(*) filter (not fits) as too_small,
          count(*) filter (not fits and best >= $cut_off and reached) as turned_away
        from best
        """,
        values,
    )
    handed, won = found["handed"], found["won"]
    return Outcome(
        cut_off=cut_off,
        handed=handed,
        per_week=handed / then.weeks,
        precision=Rate(won, handed),
        caught=Rate(won, then.sqls),
        missed=then.sqls - won,
        too_small=found["too_small"],
        turned_away=found["turned_away"],
        grades=_by_grade(figures, then, terms),
    )


_BEST: Final = """
with best as (
  select p.lead_id, max(p.probability) as best, bool_or(p.converted) as reached,
    $floor::double is null or coalesce(any_value(l.employees) >= $floor, true) as fits
  from past_scores p left join leads l using (lead_id)
  where list_contains($months, p.model)
  group by p.lead_id
)
"""
"""A lead whose size nobody knows is not turned away for it."""


def _scope(then: Past, terms: Terms) -> dict[str, Any]:
    return {"months": list(then.months), "floor": terms.employees_at_least}


def _cut_off(figures: Figures, then: Past, terms: Terms) -> float | None:
    rule = terms.handoff
    if isinstance(rule, ByProbability):
        return rule.at_least
    if isinstance(rule, ByCapacity):
        wanted = round(rule.leads_per_week * then.weeks)
        sql = f"""
        {_BEST}
        select min(best) as cut from (select best from best where fits order by best desc limit $n)
        """
        return _number(figures.row(sql, {**_scope(then, terms), "n": max(wanted, 1)})["cut"])
    sql = f"""
    {_BEST}
    select min(best) as cut from (
      select best, avg(reached::int) over (order by best desc range unbounded preceding) as precise
      from best where fits
    ) where precise >= $least
    """
    return _number(figures.row(sql, {**_scope(then, terms), "least": rule.at_least})["cut"])


def _number(value: object) -> float | None:
    return None if value is None else float(str(value))


def _by_grade(figures: Figures, then: Past, terms: Terms) -> tuple[tuple[str, float, Rate], ...]:
    falling = sorted(terms.grades.items(), key=lambda grade: -grade[1])
    # As `models.decision.grade_of`: whoever reaches no grade has the lowest.
    places = " ".join(f"when best >= $least{place} then {place}" for place in range(len(falling) - 1))
    rows = figures.rows(
        f"""
        {_BEST}
        select case when false then 0 {places} else {len(falling) - 1} end as place,
          count(*) as leads, count(*) filter (reached) as reached
        from best group by 1
        """,
        {**_scope(then, terms), **{f"least{place}": least for place, (_, least) in enumerate(falling[:-1])}},
    )
    counts = {row["place"]: row for row in rows}
    return tuple((name, least, _of(counts.get(place))) for place, (name, least) in enumerate(falling))


def _of(row: Mapping[str, Any] | None) -> Rate:
    return Rate(row["reached"], row["leads"]) if row else Rate(0, 0)
