"""Forgetting a lead."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import uuid4

from pydantic_core import to_json
from sqlalchemy import Connection, String, cast, delete, insert, select, tuple_

from serving.ledger.audit import write_audit
from serving.ledger.erased_leads import mark_erased
from serving.ledger.ledger import Ledger
from serving.ledger.tables import FEEDBACK, HANDOFFS, INPUTS, REMOVALS, REQUESTS, SCORES, SHADOW_SCORES

OF_A_LEAD: Final = (SCORES, SHADOW_SCORES, HANDOFFS, FEEDBACK, INPUTS)
"""The tables whose rows are about one lead."""


def erase_lead(ledger: Ledger, lead_id: str, actor: str, now: datetime) -> Mapping[str, int]:
    """Delete all rows about a lead, all or none; return how many there were, by table.

    Idempotent requests that wrote one of them go too. What was deleted is overwritten in the files of a
    SQLite ledger. Whoever writes meanwhile has finished before, or reads afterwards what is left. The audit
    says that a lead was erased, and not which; a fingerprint of its id keeps it off the pages.

    Raises:
        LedgerDownError: when it cannot be done; then nothing is deleted.
    """
    with ledger.writing(alone=True) as connection:
        counts = _erased(connection, lead_id)
        mark_erased(connection, lead_id, now)
        write_audit(connection, now, actor, "lead_erased", counts)
    ledger.forget()
    return counts


def _erased(connection: Connection, lead_id: str) -> dict[str, int]:
    permit = {"removal_id": str(uuid4()), "lead_id": lead_id}
    connection.execute(insert(REMOVALS), permit)
    counts = {"requests": _forget_requests(connection, lead_id)}
    for table in OF_A_LEAD:
        counts[table.name] = connection.execute(delete(table).where(table.c.lead_id == lead_id)).rowcount
    connection.execute(delete(REMOVALS).where(REMOVALS.c.removal_id == permit["removal_id"]))
    return counts


def _forget_requests(connection: Connection, lead_id: str) -> int:
    scored = select(SCORES.c.key_id, SCORES.c.idempotency_key).where(
        SCORES.c.lead_id == lead_id, SCORES.c.idempotency_key.is_not(None)
    )
    own = tuple_(REQUESTS.c.key_id, REQUESTS.c.idempotency_key)
    told = connection.execute(select(FEEDBACK.c.feedback_id).where(FEEDBACK.c.lead_id == lead_id)).scalars()
    said = cast(REQUESTS.c.ids, String).in_([to_json([one]).decode() for one in told])
    return connection.execute(delete(REQUESTS).where(own.in_(scored) | said)).rowcount
