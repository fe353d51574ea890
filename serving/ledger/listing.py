"""Hand-offs, and the story of a lead, a page at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Connection, and_, exists, or_, select

from serving.cursors import Place
from serving.handoffs import Handoff, State
from serving.ledger.latest_handoffs import handoffs_with_answers
from serving.ledger.ledger import LedgerRow
from serving.ledger.tables import FEEDBACK, HANDOFFS, SCORES

MOST_OF_A_LEAD: Final = 1000
"""So many hand-offs, and so much feedback, of one lead are told: the newest."""


@dataclass(frozen=True)
class HandoffFilter:
    """Which hand-offs are wanted: in a state, overdue or not, of a grade. None is any."""

    state: State | None = None
    overdue: bool | None = None
    grade: str | None = None


def list_handoffs(
    connection: Connection, wanted: HandoffFilter, after: Place | None, most: int, now: datetime
) -> list[Handoff]:
    """Return hand-offs, those due soonest first and those never due last."""
    due, identifier = HANDOFFS.c.due_at, HANDOFFS.c.handoff_id
    query = select(identifier).where(*_conditions(wanted, now))
    if after is not None:
        query = query.where(_behind(after))
    page = connection.execute(query.order_by(due.asc().nulls_last(), identifier).limit(most)).scalars().all()
    found = connection.execute(handoffs_with_answers().where(identifier.in_(page)))
    handoffs = {row.handoff_id: Handoff(**row._asdict()) for row in found}
    return [handoffs[one] for one in page]


def handoffs_of(connection: Connection, lead_id: str) -> list[Handoff]:
    """Return the hand-offs of a lead, the newest first."""
    own = handoffs_with_answers().where(HANDOFFS.c.lead_id == lead_id)
    ordered = own.order_by(HANDOFFS.c.round.desc()).limit(MOST_OF_A_LEAD)
    return [Handoff(**row._asdict()) for row in connection.execute(ordered)]


def feedback_of(connection: Connection, lead_id: str) -> list[LedgerRow]:
    """Return what was said of a lead, the newest first."""
    own = select(FEEDBACK).where(FEEDBACK.c.lead_id == lead_id)
    ordered = own.order_by(FEEDBACK.c.recorded_at.desc(), FEEDBACK.c.feedback_id.desc())
    return [row._asdict() for row in connection.execute(ordered.limit(MOST_OF_A_LEAD))]


def feedback_by_id(connection: Connection, feedback_id: str) -> LedgerRow | None:
    """Return what was said under an id, or None."""
    found = connection.execute(select(FEEDBACK).where(FEEDBACK.c.feedback_id == feedback_id)).first()
    return found._asdict() if found else None


def scores_of(connection: Connection, lead_id: str, after: Place | None, most: int) -> list[LedgerRow]:
    """Return the scores of a lead, the newest first; what is JSON in the ledger is plain data."""
    query = select(SCORES).where(SCORES.c.lead_id == lead_id)
    moment, identifier = SCORES.c.scored_at, SCORES.c.score_id
    if after is not None:
        same = and_(moment == after.moment, identifier < after.identifier)
        query = query.where(or_(moment < after.moment, same))
    ordered = query.order_by(moment.desc(), identifier.desc()).limit(most)
    return [row._asdict() for row in connection.execute(ordered)]


def _conditions(wanted: HandoffFilter, now: datetime) -> Iterator[ColumnElement[bool]]:
    if wanted.state is not None:
        yield _is_in(wanted.state)
    if wanted.overdue is not None:
        due = HANDOFFS.c.due_at
        is_overdue = and_(due.is_not(None), due < now, _is_in("open"))
        yield is_overdue if wanted.overdue else ~is_overdue
    if wanted.grade is not None:
        yield HANDOFFS.c.grade == wanted.grade


def _is_in(state: State) -> ColumnElement[bool]:
    """Tell a state without looking for what was said last: a rejection or a recycling always is."""
    said = exists().where(FEEDBACK.c.handoff_id == HANDOFFS.c.handoff_id).correlate(HANDOFFS)
    if state == "open":
        return ~said
    if state == "accepted":
        return and_(said, ~said.where(FEEDBACK.c.verdict != "accepted"))
    return said.where(FEEDBACK.c.verdict == state)


def _behind(after: Place) -> ColumnElement[bool]:
    due, identifier = HANDOFFS.c.due_at, HANDOFFS.c.handoff_id
    if after.moment is None:
        return and_(due.is_(None), identifier > after.identifier)
    same = and_(due == after.moment, identifier > after.identifier)
    return or_(due > after.moment, same, due.is_(None))
