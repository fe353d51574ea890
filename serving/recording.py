"""What sales says, written to the ledger once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import IntegrityError

from data_checks.moments import moment_of
from serving.feedback_messages import HandoffVerdict
from serving.feedback_rules import agreed_until, require_answerable, wrong_feedback
from serving.handoffs import Handoff
from serving.ledger.former_requests import former_requests
from serving.ledger.latest_handoffs import handoff_by_id, latest_handoffs
from serving.ledger.ledger import Ledger, LedgerRow
from serving.ledger.tables import FEEDBACK, REQUESTS, SCORES
from serving.problems import UNKNOWN_HANDOFF, UNKNOWN_LEAD, Fault, Problem
from serving.replays import Asking, erased
from serving.score_ids import score_id

if TYPE_CHECKING:
    from data_checks.agreement import Agreement

RACES: Final = 3
"""So often is tried again what another worker has answered at the same moment."""


@dataclass(frozen=True)
class Said:
    """A message, the agreement that counts, and what the message is about: a lead, or one hand-off alone.

    ``is_known`` says that the CRM's history has the lead, should the ledger have no score of it.
    """

    message: HandoffVerdict
    agreement: Agreement
    now: datetime
    lead_id: str | None = None
    score_id: str | None = None
    handoff_id: str | None = None
    is_known: bool = False


def record(ledger: Ledger, said: Said, asking: Asking) -> LedgerRow:
    """Write what was said, and return its row; a request that is repeated gets the row of the first.

    Raises:
        Problem: 404 for an unknown lead or hand-off, 409 for one that was answered, 422 for an id that is
            another lead's, what the agreement
            does not allow, or another request under the same key, 410 for a row that was erased.
        LedgerDownError: when nothing could be written.
    """
    for _ in range(RACES):
        try:
            return _recorded(ledger, said, asking)
        except IntegrityError:
            # Another worker has answered the same hand-off, or the same request.
            continue
    return _recorded(ledger, said, asking)


def _recorded(ledger: Ledger, said: Said, asking: Asking) -> LedgerRow:
    with ledger.writing() as connection:
        if former := _former(connection, asking):
            return former
        until = agreed_until(said.message, said.agreement, said.now)
        handoff = _handoff(connection, said)
        if handoff is not None:
            require_answerable(handoff, said.message.verdict)
        row = _row(said, until, handoff, asking)
        connection.execute(insert(FEEDBACK), row)
        if asking.idempotency_key is not None:
            connection.execute(insert(REQUESTS), asking.row([str(row["feedback_id"])], said.now))
    return row


def _former(connection: Connection, asking: Asking) -> LedgerRow | None:
    if asking.idempotency_key is None:
        return None
    key = asking.key_id, asking.idempotency_key
    former = former_requests(connection, [key]).get(key)
    if former is None:
        return None
    asking.require_same(former.digest)
    found = connection.execute(select(FEEDBACK).where(FEEDBACK.c.feedback_id.in_(former.ids))).first()
    if found is None:
        raise erased()
    return found._asdict()


def _handoff(connection: Connection, said: Said) -> Handoff | None:
    """Return the hand-off that is meant; None if sales does not have the lead."""
    named = None if said.handoff_id is None else handoff_by_id(connection, said.handoff_id)
    if said.lead_id is None:
        if named is None:
            raise Problem(UNKNOWN_HANDOFF, "No hand-off has this id. `GET /handoffs` lists them.")
        return named
    if not said.is_known:
        _require_known(connection, said.lead_id)
    faults = []
    if said.score_id is not None and not _has_score(connection, said.lead_id, said.score_id):
        faults.append(Fault("score_id", "it is the id of a score of this lead; correct it"))
    if said.handoff_id is not None and (named is None or named.lead_id != said.lead_id):
        faults.append(Fault("handoff_id", "it is the id of a hand-off of this lead; correct it"))
    if faults:
        raise wrong_feedback(faults)
    if named is not None:
        return named
    latest = latest_handoffs(connection, [said.lead_id]).get(said.lead_id)
    return latest if latest is not None and latest.is_with_sales else None


def _require_known(connection: Connection, lead_id: str) -> None:
    known = select(SCORES.c.score_id).where(SCORES.c.lead_id == lead_id).limit(1)
    if connection.execute(known).first() is None:
        raise Problem(UNKNOWN_LEAD, "Baton has no score of this lead. Score it first, or correct its id.")


def _has_score(connection: Connection, lead_id: str, identifier: str) -> bool:
    own = (SCORES.c.lead_id == lead_id) & (SCORES.c.score_id == identifier)
    return connection.execute(select(SCORES.c.score_id).where(own)).first() is not None


def _row(said: Said, until: datetime | None, handoff: Handoff | None, asking: Asking) -> LedgerRow:
    message = said.message
    return {
        "feedback_id": score_id(moment_of(said.now) // 1000),
        "lead_id": handoff.lead_id if handoff else said.lead_id,
        "score_id": said.score_id or (handoff.score_id if handoff else None),
        "handoff_id": handoff.handoff_id if handoff else None,
        "step": 1 + (handoff.step or 0) if handoff else None,
        "verdict": message.verdict,
        "reason": message.reason,
        "until": until,
        "comment": message.comment,
        "given_by": message.by,
        "agreement_version": said.agreement.version,
        "recorded_at": said.now,
        "key_id": asking.key_id,
    }
