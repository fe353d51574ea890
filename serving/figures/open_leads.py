"""The open leads: who they are, how likely each gets there and why, where it stands and when it is due."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Final, Literal

from serving.figures.dimensions import named_columns
from serving.figures.due_clock import due_words, hours_left
from serving.figures.file import Figures, Row
from serving.figures.lead_filter import CHOICES, ORDERS, LeadFilter
from serving.figures.standing import OPEN_LEADS, STANDINGS, LedgerView, Standing, standing_parameters
from serving.figures.trend import Trend
from serving.figures.why import Why, reasons_of

PAGE: Final = 50
MOST_CHOICES: Final = 300


@dataclass(frozen=True)
class OpenLead:
    """A lead that is open. ``hours`` are the working hours until it is due, negative when they are over."""

    lead_id: str
    company: str | None
    title: str | None
    industry: str | None
    country: str | None
    source: str | None
    owner: str | None
    created_at: datetime | None
    last_activity_at: datetime | None
    probability: float | None
    probability_low: float | None
    probability_high: float | None
    grade: str | None
    decision: str
    week_ago: float | None
    month_ago: float | None
    standing: Standing
    standing_since: datetime | None
    due_at: datetime | None
    overdue: bool
    until: datetime | None
    reason: str | None
    said_by: str | None
    handoff_id: str | None
    by_baton: bool
    hours: float | None = None
    reasons: str = "[]"

    @property
    def trend(self) -> Trend:
        """Where its probability is going."""
        return Trend(self.probability, self.week_ago, self.month_ago)

    @property
    def why(self) -> tuple[Why, ...]:
        """Its reasons, the strongest first."""
        return reasons_of(self.reasons)

    @property
    def due(self) -> str | None:
        """Its due clock in words."""
        return due_words(self.hours, self.overdue)

    @property
    def where(self) -> str:
        """Where it stands, in words."""
        return STANDINGS[self.standing]


@dataclass(frozen=True)
class Count:
    """How many leads there are: all that are asked for, those that wait for sales, and those overdue."""

    leads: int
    waiting: int
    overdue: int


_ADDED: Final = frozenset({"hours", "reasons"})
_COLUMNS: Final = ", ".join(one.name for one in fields(OpenLead) if one.name not in _ADDED)


def count_leads(figures: Figures, ledger: LedgerView, wanted: LeadFilter) -> Count:
    """Return how many leads are asked for."""
    sql = f"""{OPEN_LEADS}
        select count(*) as leads, count(*) filter (standing = 'open') as waiting,
          count(*) filter (overdue) as overdue
        from open_leads where {wanted.conditions}"""
    return Count(**figures.row(sql, standing_parameters(figures, ledger) | wanted.parameters))


def list_leads(
    figures: Figures, ledger: LedgerView, wanted: LeadFilter, most: int | None = PAGE, skipped: int = 0
) -> tuple[OpenLead, ...]:
    """Return the leads that are asked for, in their order; all of them without ``most``."""
    sql = f"""{OPEN_LEADS}
        select {_COLUMNS}, place, counted_to from open_leads where {wanted.conditions}
        order by {ORDERS[wanted.order][1]} limit $most offset $skipped"""
    page = {"most": most, "skipped": skipped}
    rows = figures.rows(sql, standing_parameters(figures, ledger) | wanted.parameters | page)
    return _whole(figures, rows)


def open_lead(figures: Figures, ledger: LedgerView, lead_id: str) -> OpenLead | None:
    """Return one lead, if it is open and may be shown."""
    sql = f"{OPEN_LEADS} select {_COLUMNS}, place, counted_to from open_leads where lead_id = $asked"
    rows = figures.rows(sql, standing_parameters(figures, ledger) | {"asked": lead_id})
    return next(iter(_whole(figures, rows)), None)


def long_texts(figures: Figures, name: Literal["reasons", "changes"], rows: Sequence[Row]) -> dict[int, str]:
    """Return a long text of the scores at the ``place`` of each row."""
    places = [row["place"] for row in rows]
    sql = (
        f"select rowid as place, {name} as told from scores where rowid in (select unnest($places::bigint[]))"
    )
    return {row["place"]: row["told"] for row in figures.rows(sql, {"places": places})}


def choices(figures: Figures) -> Mapping[str, tuple[str, ...]]:
    """Return the values of each column that can be chosen, the commonest first."""
    sets = ", ".join(f"({name})" for name in CHOICES)
    rows = figures.rows(
        f"""
        select {", ".join(CHOICES)}, count(*) as leads from (
          select s.grade, s.decision, l.owner, {named_columns("g")}
          from scores s join leads l using (lead_id) join segments g using (lead_id)
        ) group by grouping sets ({sets}) order by leads desc, {", ".join(CHOICES)}
        """
    )
    found = {name: tuple(row[name] for row in rows if row[name] is not None) for name in CHOICES}
    return {name: values[:MOST_CHOICES] for name, values in found.items()}


def _whole(figures: Figures, rows: Sequence[Row]) -> tuple[OpenLead, ...]:
    reasons, hours = long_texts(figures, "reasons", rows), _hours_of(figures, rows)
    own = [one.name for one in fields(OpenLead) if one.name not in _ADDED]
    return tuple(
        OpenLead(**{name: row[name] for name in own}, hours=left, reasons=reasons[row["place"]])
        for row, left in zip(rows, hours, strict=True)
    )


def _hours_of(figures: Figures, rows: Sequence[Row]) -> list[float | None]:
    timed = [row for row in rows if row["due_at"] is not None]
    due, now = ([row[name] for row in timed] for name in ("due_at", "counted_to"))
    left = iter(hours_left(figures.agreement.sla.working_hours, due, now))
    return [None if row["due_at"] is None else next(left) for row in rows]
