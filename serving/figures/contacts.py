"""How soon hand-offs were met: in time, late, never, or with time still."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from data_checks.sla import Sla
from serving.figures.due_clock import median_hours
from serving.figures.rates import Rate

Times = tuple[datetime, datetime | None, datetime | None]
"""When a lead was handed over, when it was due, and when it was met."""


@dataclass(frozen=True)
class Contact:
    """The hand-offs of one grade. ``in_time`` is of those that were met or whose time is over.

    ``late`` were met after their time, ``missed`` not at all though it is over; ``waiting`` have time still,
    or no due time at all. ``hours`` is the median of the working hours until they were met, of those that
    were.
    """

    grade: str
    promised_hours: float | None
    handed: int
    in_time: Rate
    late: int
    missed: int
    waiting: int
    hours: float | None


def contact(agreed: Sla, grade: str, handed: Sequence[Times], now: datetime) -> Contact:
    """Return how the hand-offs of a grade were met until ``now``."""
    due = [(due_at, met_at) for _, due_at, met_at in handed if due_at is not None]
    in_time = sum(met_at is not None and met_at <= due_at for due_at, met_at in due)
    late = sum(met_at is not None and met_at > due_at for due_at, met_at in due)
    missed = sum(met_at is None and due_at < now for due_at, met_at in due)
    met = [(handed_at, met_at) for handed_at, _, met_at in handed if met_at is not None]
    return Contact(
        grade=grade,
        promised_hours=agreed.first_contact_hours.get(grade),
        handed=len(handed),
        in_time=Rate(in_time, in_time + late + missed),
        late=late,
        missed=missed,
        waiting=len(handed) - in_time - late - missed,
        hours=median_hours(agreed.working_hours, met),
    )
