"""What sales may say of a lead, by the agreement and by where the hand-off stands."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from data_checks.house_clauses import possible_moments
from data_checks.moments import moment_of, utc
from data_checks.reading import parse_time
from serving.feedback_messages import HandoffVerdict
from serving.handoffs import Handoff, Verdict
from serving.problems import ANSWERED_HANDOFF, WRONG_FEEDBACK, Fault, Problem

if TYPE_CHECKING:
    from data_checks.agreement import Agreement


def agreed_until(message: HandoffVerdict, agreement: Agreement, now: datetime) -> datetime | None:
    """Hold a message against the agreement, and return until when a recycled lead stays with marketing.

    Raises:
        Problem: 422 when its reason is not an agreed one, or its date none of the future.
    """
    until = None if message.until is None else parse_time(message.until)
    faults = [*_of_reason(message, agreement), *_of_until(message, until, now)]
    if faults:
        raise wrong_feedback(faults)
    return None if until is None else utc(until)


def wrong_feedback(faults: list[Fault]) -> Problem:
    """Return the problem of feedback with faults."""
    more = f" ({len(faults) - 1} more)" if len(faults) > 1 else ""
    return Problem(WRONG_FEEDBACK, f"{faults[0].path}: {faults[0].message}{more}.", faults)


def require_answerable(handoff: Handoff, verdict: Verdict) -> None:
    """Refuse a second answer to a hand-off; only what was accepted may still be rejected or recycled.

    Raises:
        Problem: 409.
    """
    if handoff.state == "open" or (handoff.state == "accepted" and verdict != "accepted"):
        return
    then = "It may still be rejected or recycled." if handoff.state == "accepted" else "It is closed."
    raise Problem(ANSWERED_HANDOFF, f"This hand-off is {handoff.state} already. {then}")


def _of_reason(message: HandoffVerdict, agreement: Agreement) -> Iterator[Fault]:
    codes = agreement.sla.rejection_reasons
    listed = ", ".join(codes)
    if message.reason is None:
        if message.verdict == "rejected" and codes:
            yield Fault("reason", f"a rejection has a reason, one of {listed}")
    elif message.verdict == "accepted":
        yield Fault("reason", "a lead is rejected or recycled for a reason, not accepted; leave it out")
    elif not codes:
        yield Fault("reason", "the agreement lists no reasons; leave it out, and say it in comment")
    elif message.reason not in codes:
        yield Fault("reason", f"it is one of {listed}")


def _of_until(message: HandoffVerdict, until: int | None, now: datetime) -> Iterator[Fault]:
    if message.until is None:
        return
    if message.verdict != "recycled":
        yield Fault("until", "only a recycled lead has a date to come back; leave it out")
    elif until is None:
        yield Fault("until", "it is a moment in ISO 8601, like 2027-02-01T08:00:00Z; correct it")
    elif not moment_of(now) < until <= possible_moments()[1]:
        yield Fault("until", "it lies in the future, before 2100; correct it")
