"""Where Baton's own hand-offs stand: the last that the ledger knows of each lead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from serving.handoffs import Handoff, State
from serving.ledger.latest_handoffs import handoffs_with_answers
from serving.ledger.tables import FEEDBACK, HANDOFFS


@dataclass(frozen=True)
class Word:
    """The last word on a lead: that it was handed over (``open``), or what sales said of it.

    ``at`` is when; ``handed_at`` and ``due_at`` are those of its hand-off by Baton, if there was one, which
    ``handoff_id`` names.
    """

    lead_id: str
    state: State
    at: datetime
    handed_at: datetime | None = None
    due_at: datetime | None = None
    until: datetime | None = None
    reason: str | None = None
    by: str | None = None
    handoff_id: str | None = None


def latest_words(connection: Connection) -> Mapping[str, Word]:
    """Return the last word on each lead that was handed over or judged."""
    handed = connection.execute(handoffs_with_answers().order_by(HANDOFFS.c.round))
    words = {row.lead_id: _of_handoff(Handoff(**row._asdict())) for row in handed}
    alone = select(FEEDBACK).where(FEEDBACK.c.handoff_id.is_(None)).order_by(FEEDBACK.c.recorded_at)
    for row in connection.execute(alone):
        known = words.get(row.lead_id)
        if known is None or known.at <= row.recorded_at:
            said = {"until": row.until, "reason": row.reason, "by": row.given_by}
            words[row.lead_id] = Word(row.lead_id, row.verdict, row.recorded_at, **said)
    return words


def _of_handoff(one: Handoff) -> Word:
    return Word(
        lead_id=one.lead_id,
        state=one.state,
        at=one.answered_at or one.opened_at,
        handed_at=one.opened_at,
        due_at=one.due_at,
        until=one.until,
        reason=one.reason,
        by=one.given_by,
        handoff_id=one.handoff_id,
    )
