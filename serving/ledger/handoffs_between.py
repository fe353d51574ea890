"""Baton's own hand-offs of a period, and how soon and how sales answered each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from serving.handoffs import Verdict
from serving.ledger.latest_handoffs import handoffs_with_answers
from serving.ledger.tables import FEEDBACK, HANDOFFS


@dataclass(frozen=True)
class Answered:
    """A hand-off. ``first_answer_at`` is when sales first said anything; ``verdict`` what it said last."""

    grade: str
    opened_at: datetime
    due_at: datetime | None
    first_answer_at: datetime | None
    verdict: Verdict | None
    reason: str | None


def handoffs_between(connection: Connection, begins: datetime, ends: datetime) -> Sequence[Answered]:
    """Return the hand-offs that were opened from the first moment on and before the second, in order."""
    own = FEEDBACK.alias("any_answer")
    first = (
        select(func.min(own.c.recorded_at, type_=FEEDBACK.c.recorded_at.type))
        .where(own.c.handoff_id == HANDOFFS.c.handoff_id)
        .correlate(HANDOFFS)
        .scalar_subquery()
        .label("first_answer_at")
    )
    found = handoffs_with_answers().add_columns(first)
    inside = found.where(HANDOFFS.c.opened_at >= begins, HANDOFFS.c.opened_at < ends)
    names = Answered.__dataclass_fields__
    return [
        Answered(**{name: getattr(row, name) for name in names})
        for row in connection.execute(inside.order_by(HANDOFFS.c.opened_at))
    ]


def next_handoff_at(connection: Connection, since: datetime) -> datetime | None:
    """Return when the first hand-off was opened from a moment on; None if there is none."""
    opened = HANDOFFS.c.opened_at
    return connection.execute(select(opened).where(opened >= since).order_by(opened).limit(1)).scalar()
