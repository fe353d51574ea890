"""Leads that were given up and came anyway, and hand-offs that nobody called."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from serving.figures.file import Figures
from serving.figures.rates import Rate

MOST_LISTED: Final = 200
UNGRADED: Final = "not graded"


@dataclass(frozen=True)
class SentBack:
    """Leads that sales sent back for a reason, before they reached the target: how many did later.

    ``days`` is the median from being sent back to the target, of those that reached it.
    """

    reason: str
    leads: int
    reached: Rate
    won: Rate
    days: float | None


@dataclass(frozen=True)
class CameLater:
    """A lead that was given up and reached the target later."""

    lead_id: str
    company: str | None
    source: str | None
    given_up_at: datetime
    why: str
    reached_at: datetime
    won_at: datetime | None


@dataclass(frozen=True)
class Called:
    """Hand-offs of a grade that are older than the agreed days: what became of those called and of the rest.

    ``called`` were contacted within these days and ``uncalled`` were not; each is the share that reached the
    target in them.
    """

    grade: str
    called: Rate
    uncalled: Rate


def sent_back(figures: Figures) -> tuple[SentBack, ...]:
    """Return by reason what became of leads that were sent back, the commonest reason first."""
    rows = figures.rows(
        f"""
        {_given_up(figures)}
        select why as reason, count(*) as leads, count(reached_at) as reached, count(won_at) as won,
          median(epoch(reached_at) - epoch(given_up_at)) / 86400 as days
        from given_up group by why order by leads desc, why
        """
    )
    return tuple(
        SentBack(
            row["reason"],
            row["leads"],
            Rate(row["reached"], row["leads"]),
            Rate(row["won"], row["leads"]),
            row["days"],
        )
        for row in rows
    )


def came_later(figures: Figures) -> tuple[CameLater, ...]:
    """Return the leads that were sent back and reached the target later, the newest first."""
    rows = figures.rows(
        f"""
        {_given_up(figures)}
        select lead_id, company, source, given_up_at, why, reached_at, won_at
        from given_up where reached_at is not null order by reached_at desc, lead_id limit $most
        """,
        {"most": MOST_LISTED},
    )
    return tuple(CameLater(**row) for row in rows)


def _given_up(figures: Figures) -> str:
    """Return the beginning of a query over the leads that were sent back before they reached the target."""
    target = f"{figures.agreement.target.stage}_at"
    return f"""
        with firsts as (
          select lead_id, min(changed_at) as given_up_at,
            coalesce(nullif(trim(arg_min(reason, changed_at)), ''), 'no reason given') as why
          from stage_changes where stage in ('recycled', 'disqualified') group by lead_id
        ), given_up as (
          select l.lead_id, l.company, l.source, f.given_up_at, f.why,
            case when l.{target} > f.given_up_at then l.{target} end as reached_at,
            case when l.won_at > f.given_up_at then l.won_at end as won_at
          from firsts f join leads l using (lead_id)
          where l.{target} is null or l.{target} > f.given_up_at
        )
    """


def lowest_grade(figures: Figures) -> tuple[str, float] | None:
    """Return the lowest grade and the probability that it ends below; None if there is one grade alone."""
    rising = sorted(figures.agreement.grades.items(), key=lambda grade: grade[1])
    return (rising[0][0], rising[1][1]) if len(rising) > 1 else None


def low_scores(figures: Figures, below: float) -> Rate:
    """Return how many leads that were scored so low at the first look reached the target in time."""
    row = figures.row(
        "select count(*) as leads, count(*) filter (converted) as came from judged "
        "where nth = 1 and probability < $below",
        {"below": below},
    )
    return Rate(row["came"], row["leads"])


def came_in_spite(figures: Figures, below: float) -> tuple[CameLater, ...]:
    """Return the leads that were scored so low at the first look and reached the target, the newest first."""
    target = f"{figures.agreement.target.stage}_at"
    rows = figures.rows(
        f"""
        select j.lead_id, l.company, l.source, j.as_of as given_up_at, j.probability,
          l.{target} as reached_at, l.won_at
        from judged j join leads l using (lead_id)
        where j.nth = 1 and j.converted and j.probability < $below and l.{target} is not null
        order by reached_at desc, j.lead_id limit $most
        """,
        {"below": below, "most": MOST_LISTED},
    )
    return tuple(
        CameLater(
            row["lead_id"],
            row["company"],
            row["source"],
            row["given_up_at"],
            f"given {100 * row['probability']:.1f} %",
            row["reached_at"],
            row["won_at"],
        )
        for row in rows
    )


def called(figures: Figures) -> tuple[Called, ...]:
    """Return by grade what became of hand-offs that were called and of those that were not."""
    target = figures.agreement.target
    days = timedelta(days=target.within_days)
    rows = figures.rows(
        f"""
        with old as (
          select coalesce(h.grade, '{UNGRADED}') as grade,
            coalesce(h.contacted_at <= h.handed_at + $days, false) as is_called,
            coalesce(l.{target.stage}_at <= h.handed_at + $days, false) as is_reached
          from handoffs h join leads l using (lead_id)
          where h.handed_at <= $now - $days
            and (l.{target.stage}_at is null or l.{target.stage}_at > h.handed_at)
        )
        select grade,
          count(*) filter (is_called) as called, count(*) filter (is_called and is_reached) as won,
          count(*) filter (not is_called) as rest, count(*) filter (not is_called and is_reached) as rest_won
        from old group by grade
        """,
        {"days": days, "now": figures.now},
    )
    grades = figures.agreement.grades
    found = [
        Called(row["grade"], Rate(row["won"], row["called"]), Rate(row["rest_won"], row["rest"]))
        for row in rows
    ]
    return tuple(sorted(found, key=lambda one: (-grades.get(one.grade, -1.0), one.grade)))
