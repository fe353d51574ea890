"""When a lead is handed to sales, until when it is due, and when it may be handed over again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, get_args

Verdict = Literal["accepted", "rejected", "recycled"]
VERDICTS: Final[tuple[Verdict, ...]] = get_args(Verdict)
State = Literal["open", "accepted", "rejected", "recycled"]
STATES: Final[tuple[State, ...]] = get_args(State)

LATELY: Final = timedelta(days=1)
"""A score that looks further back than this replays the past, and hands nothing over."""


@dataclass(frozen=True)
class Handoff:
    """A lead given to sales, and what sales said of it last.

    ``round`` counts the hand-offs of the lead from 1, ``step`` what was said of this one. ``until`` is the
    moment until which a recycled lead stays with marketing.
    """

    handoff_id: str
    lead_id: str
    round: int
    score_id: str
    probability: float
    grade: str
    opened_at: datetime
    due_at: datetime | None
    agreement_version: str
    step: int | None = None
    verdict: Verdict | None = None
    reason: str | None = None
    until: datetime | None = None
    given_by: str | None = None
    answered_at: datetime | None = None

    @property
    def state(self) -> State:
        """Where it stands: open until sales says something."""
        return self.verdict or "open"

    @property
    def is_with_sales(self) -> bool:
        """Whether sales has it now."""
        return self.state in {"open", "accepted"}

    def is_overdue(self, now: datetime) -> bool:
        """Whether sales should have said something by now."""
        return self.state == "open" and self.due_at is not None and self.due_at < now


def may_be_handed_over(latest: Handoff | None, now: datetime, horizon_days: int) -> bool:
    """Tell whether a lead may be handed to sales now, by its latest hand-off.

    Not while sales has it; a recycled one not before its date; a rejected one not before the agreed days are
    over, in which it was to become what it did not.
    """
    if latest is None:
        return True
    if latest.is_with_sales:
        return False
    if latest.state == "recycled" and latest.until is not None:
        return now >= latest.until
    return latest.answered_at is None or now >= latest.answered_at + timedelta(days=horizon_days)
