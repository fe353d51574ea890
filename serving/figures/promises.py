"""Who kept the agreement in a month: what marketing promised sales, and what sales promised marketing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from serving.figures.contacts import Contact, contact
from serving.figures.file import Figures, Row
from serving.figures.months import Month
from serving.figures.rates import Rate

UNGRADED: Final = "none"


@dataclass(frozen=True)
class Missed:
    """A hot lead that nobody called in time."""

    lead_id: str
    company: str | None
    title: str | None
    source: str | None
    grade: str
    probability: float
    handed_at: datetime
    due_at: datetime
    contacted_at: datetime | None


@dataclass(frozen=True)
class Promises:
    """The promises of a month and what became of them.

    ``delivered`` SQLs against ``promised``; ``worked`` hand-offs (contacted, accepted, or moved on) against
    the share that was promised; first contact by grade; how many were sent back, by reason.
    """

    target: str
    promised: int | None
    delivered: int
    promised_share: float | None
    worked: Rate
    contacts: tuple[Contact, ...]
    sent_back: tuple[tuple[str, int], ...]

    @property
    def in_time(self) -> Rate:
        """First contacts in time, over all grades."""
        return Rate(
            sum(one.in_time.won for one in self.contacts), sum(one.in_time.of for one in self.contacts)
        )


def promises(figures: Figures, month: Month) -> Promises:
    """Return who kept what in a month."""
    agreement = figures.agreement
    period = month.bounds
    stage = agreement.target.stage
    delivered = figures.row(
        f"select count(*) as leads from leads where {stage}_at >= $begins and {stage}_at < $ends", period
    )["leads"]
    handed = figures.rows("select * from handoffs where handed_at >= $begins and handed_at < $ends", period)
    # What may still be worked in time is no broken promise.
    judged = [
        row for row in handed if _was_worked(row) or row["due_at"] is None or row["due_at"] < figures.now
    ]
    back = figures.rows(
        """
        select coalesce(nullif(trim(reason), ''), 'no reason given') as reason, count(*) as leads
        from stage_changes
        where stage in ('recycled', 'disqualified') and changed_at >= $begins and changed_at < $ends
        group by 1 order by 2 desc, 1
        """,
        period,
    )
    return Promises(
        target=stage,
        promised=agreement.sla.sqls_per_month,
        delivered=delivered,
        promised_share=agreement.sla.handoffs_worked_share,
        worked=Rate(sum(map(_was_worked, judged)), len(judged)),
        contacts=_contacts(figures, handed),
        sent_back=tuple((row["reason"], row["leads"]) for row in back),
    )


def missed_hot_leads(
    figures: Figures, month: Month, hidden: Collection[str] = (), most: int = 50
) -> tuple[Missed, ...]:
    """Return the leads of the best two grades that were not contacted in time, the likeliest first.

    ``hidden`` are leads that were erased: they are counted elsewhere, and named nowhere.
    """
    rising = sorted(figures.agreement.grades.items(), key=lambda grade: -grade[1])
    hot = [grade for grade, _ in rising[:2]]
    rows = figures.rows(
        """
        select h.lead_id, l.company, l.title, l.source, h.grade, h.probability, h.handed_at, h.due_at,
          h.contacted_at
        from handoffs h join leads l using (lead_id)
        where h.handed_at >= $begins and h.handed_at < $ends and list_contains($hot, h.grade)
          and h.due_at < $now and not list_contains($hidden::varchar[], h.lead_id)
          and (h.contacted_at is null or h.contacted_at > h.due_at)
        order by h.probability desc, h.lead_id limit $most
        """,
        {
            **month.bounds,
            "hot": hot,
            "now": figures.now,
            "hidden": list(hidden),
            "most": most,
        },
    )
    return tuple(Missed(**row) for row in rows)


def _contacts(figures: Figures, handed: Sequence[Row]) -> tuple[Contact, ...]:
    grades = sorted(figures.agreement.grades, key=lambda grade: -figures.agreement.grades[grade])
    found = []
    for grade in (*grades, UNGRADED):
        own = [row for row in handed if (row["grade"] or UNGRADED) == grade]
        if not own and grade == UNGRADED:
            continue
        times = [(row["handed_at"], row["due_at"], row["contacted_at"]) for row in own]
        found.append(contact(figures.agreement.sla, grade, times, figures.now))
    return tuple(found)


def _was_worked(row: Row) -> bool:
    """Tell whether sales did anything with a hand-off: called, accepted, or sent it back or on."""
    return any(row[name] is not None for name in ("contacted_at", "sal_at", "sql_at"))
