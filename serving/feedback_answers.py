"""What Baton answers about hand-offs, feedback and the story of a lead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Final

from pydantic import BaseModel, Field

from models.model import Rung
from serving.answers import LeadAnswer
from serving.handoffs import Handoff, State, Verdict
from serving.ledger.ledger import LedgerRow

HandoffId = Annotated[str, Field(description="Names the hand-off.")]
NextCursor = Annotated[
    str | None, Field(description="Sent as `cursor`, it gives the next page; null on the last.")
]


class HandoffAnswer(BaseModel):
    """A lead given to sales, and what sales said of it last."""

    handoff_id: HandoffId
    lead_id: Annotated[str, Field(description="The CRM's id of the lead.")]
    state: Annotated[State, Field(description="`open` until sales says something.")]
    grade: Annotated[str, Field(description="The grade at the hand-off.")]
    probability: Annotated[float, Field(description="The probability at the hand-off.")]
    score_id: Annotated[str, Field(description="The score that opened it.")]
    opened_at: Annotated[datetime, Field(description="The moment of that score, UTC.")]
    due_at: Annotated[
        datetime | None,
        Field(description="When sales is to have contacted the lead, UTC; null if nothing is agreed."),
    ]
    overdue: Annotated[bool, Field(description="Whether it is still open after that.")]
    reason: Annotated[str | None, Field(description="The code of the reason that was given last.")]
    until: Annotated[datetime | None, Field(description="Until when a recycled lead stays with marketing.")]
    answered_at: Annotated[datetime | None, Field(description="When sales said something last, UTC.")]
    by: Annotated[str | None, Field(description="Who said it.")]


class HandoffsAnswer(BaseModel):
    """Hand-offs, those due soonest first."""

    handoffs: list[HandoffAnswer]
    next_cursor: NextCursor


class FeedbackAnswer(BaseModel):
    """What was said of a lead, as the ledger has it."""

    feedback_id: Annotated[str, Field(description="Names this feedback for ever.")]
    lead_id: Annotated[str, Field(description="The CRM's id of the lead.")]
    verdict: Annotated[Verdict, Field(description="What sales decided.")]
    reason: Annotated[str | None, Field(description="The code of the agreed reason.")]
    until: Annotated[datetime | None, Field(description="Until when a recycled lead stays with marketing.")]
    comment: Annotated[str | None, Field(description="In words.")]
    by: Annotated[str, Field(description="Who said it.")]
    score_id: Annotated[
        str | None, Field(description="The score that was meant, or that opened the hand-off.")
    ]
    handoff_id: Annotated[str | None, Field(description="The hand-off; null if sales did not have the lead.")]
    agreement_version: Annotated[str, Field(description="The agreement whose reasons counted.")]
    recorded_at: Annotated[datetime, Field(description="The moment it was written, UTC.")]


class PastScore(LeadAnswer):
    """A score of the lead, as it was answered."""

    model_rung: Annotated[  # type: ignore[assignment]  # an old score may lack what a new one has
        Rung | None, Field(description="What the model was; null in scores from before it was told.")
    ]


class LeadStory(BaseModel):
    """All that the ledger knows of a lead, the newest first."""

    lead_id: Annotated[str, Field(description="The CRM's id of the lead.")]
    scores: list[PastScore]
    next_cursor: NextCursor
    handoffs: Annotated[list[HandoffAnswer], Field(description="Its hand-offs, at most 1,000.")]
    feedback: Annotated[list[FeedbackAnswer], Field(description="What was said of it, at most 1,000.")]


class ErasureAnswer(BaseModel):
    """How many rows were deleted, by table of the ledger."""

    scores: Annotated[int, Field(description="Its scores.")]
    shadow_scores: Annotated[int, Field(description="Second opinions on them.")]
    handoffs: Annotated[int, Field(description="Its hand-offs.")]
    feedback: Annotated[int, Field(description="What was said of it.")]
    inputs: Annotated[int, Field(description="What its scores were made from.")]
    requests: Annotated[int, Field(description="Idempotent requests that wrote any of that.")]


_FEEDBACK: Final = tuple(name for name in FeedbackAnswer.model_fields if name != "by")
_LISTS: Final = ("reasons", "families", "issues")


def handoff_shown(handoff: Handoff, now: datetime) -> dict[str, Any]:
    """Return a hand-off as an answer shows it."""
    return {
        "handoff_id": handoff.handoff_id,
        "lead_id": handoff.lead_id,
        "state": handoff.state,
        "grade": handoff.grade,
        "probability": handoff.probability,
        "score_id": handoff.score_id,
        "opened_at": handoff.opened_at,
        "due_at": handoff.due_at,
        "overdue": handoff.is_overdue(now),
        "reason": handoff.reason,
        "until": handoff.until,
        "answered_at": handoff.answered_at,
        "by": handoff.given_by,
    }


def feedback_shown(row: LedgerRow) -> dict[str, Any]:
    """Return a row of the table `feedback` as an answer shows it."""
    return {**{name: row[name] for name in _FEEDBACK}, "by": row["given_by"]}


def score_shown(row: LedgerRow) -> dict[str, Any]:
    """Return a row of the table `scores`, its JSON read, as an answer shows it."""
    shown: Mapping[str, Any] = {name: row[name] for name in PastScore.model_fields}
    return {**shown, **{name: shown[name] or [] for name in _LISTS}}


_HANDOFF_ID: Final = "019ab4f2-3c51-7b1d-8a44-0d2f6e7c9b10"
HANDOFFS_EXAMPLE: Final[Mapping[str, Any]] = {
    "handoffs": [
        {
            "handoff_id": _HANDOFF_ID,
            "lead_id": "L-1001",
            "state": "open",
            "grade": "B",
            "probability": 0.231,
            "score_id": "019ab4f2-3c51-7a0e-9d7e-5f6f1c2b3a4d",
            "opened_at": "2026-11-22T09:14:03.512000Z",
            "due_at": "2026-11-23T15:00:00Z",
            "overdue": False,
            "reason": None,
            "until": None,
            "answered_at": None,
            "by": None,
        }
    ],
    "next_cursor": None,
}
FEEDBACK_ANSWER_EXAMPLE: Final[Mapping[str, Any]] = {
    "feedback_id": "019ab8a1-0f3e-7c55-b1d2-9a7c4e5f6071",
    "lead_id": "L-1001",
    "verdict": "rejected",
    "reason": "no_budget",
    "until": None,
    "comment": "Budget is gone until spring.",
    "by": "Ada Lovelace",
    "score_id": "019ab4f2-3c51-7a0e-9d7e-5f6f1c2b3a4d",
    "handoff_id": _HANDOFF_ID,
    "agreement_version": "2026.11",
    "recorded_at": "2026-11-23T10:20:11.004000Z",
}
ERASURE_EXAMPLE: Final[Mapping[str, Any]] = {
    "scores": 3,
    "shadow_scores": 0,
    "handoffs": 1,
    "feedback": 1,
    "inputs": 3,
    "requests": 1,
}


def story_example(scores: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return an example of a lead's story with these scores."""
    return {
        "lead_id": "L-1001",
        "scores": list(scores),
        "next_cursor": None,
        "handoffs": HANDOFFS_EXAMPLE["handoffs"],
        "feedback": [FEEDBACK_ANSWER_EXAMPLE],
    }
