"""The latest hand-off of each of some leads, and what sales said of it last."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from sqlalchemy import Connection, Select, and_, func, select

from serving.handoffs import Handoff
from serving.ledger.asked import asked_leads, asked_parameter
from serving.ledger.prepared import fetch
from serving.ledger.tables import FEEDBACK, HANDOFFS

_OF_HANDOFF: Final = (
    "handoff_id",
    "lead_id",
    "round",
    "score_id",
    "probability",
    "grade",
    "opened_at",
    "due_at",
    "agreement_version",
)
_OF_FEEDBACK: Final = ("step", "verdict", "reason", "until", "given_by")


def latest_handoffs(connection: Connection, lead_ids: Collection[str]) -> Mapping[str, Handoff]:
    """Return the latest hand-off of each lead that has one."""
    found = fetch(connection, _LATEST[connection.dialect.name], asked_parameter(lead_ids))
    return {row["lead_id"]: Handoff(**row) for row in found}


def handoff_by_id(connection: Connection, handoff_id: str) -> Handoff | None:
    """Return a hand-off, or None if no one has this id."""
    one = handoffs_with_answers().where(HANDOFFS.c.handoff_id == handoff_id)
    found = connection.execute(one).first()
    return Handoff(**found._asdict()) if found else None


def handoffs_with_answers() -> Select[Any]:
    """Return the query for all hand-offs, each with what was said of it last."""
    own = FEEDBACK.alias("own")
    last = select(func.max(own.c.step)).where(own.c.handoff_id == HANDOFFS.c.handoff_id).correlate(HANDOFFS)
    said = and_(FEEDBACK.c.handoff_id == HANDOFFS.c.handoff_id, FEEDBACK.c.step == last.scalar_subquery())
    return select(
        *(HANDOFFS.c[name] for name in _OF_HANDOFF),
        *(FEEDBACK.c[name] for name in _OF_FEEDBACK),
        FEEDBACK.c.recorded_at.label("answered_at"),
    ).select_from(HANDOFFS.outerjoin(FEEDBACK, said))


def _latest(kind: str) -> Select[Any]:
    asked = asked_leads(kind)
    own = HANDOFFS.alias("newest")
    newest = select(func.max(own.c.round)).where(own.c.lead_id == asked.c.value).correlate(asked)
    same = and_(HANDOFFS.c.lead_id == asked.c.value, HANDOFFS.c.round == newest.scalar_subquery())
    return handoffs_with_answers().join(asked, same)


_LATEST: Final = {kind: _latest(kind) for kind in ("sqlite", "postgresql")}
