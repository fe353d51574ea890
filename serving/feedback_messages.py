"""What sales says of a lead, as the CRM sends it."""

from __future__ import annotations

from typing import Annotated, Any, Final

from pydantic import ConfigDict, Field

from serving.handoffs import Verdict
from serving.messages import Id, Message, Moment

# Free text may have lines and tabs; other control characters have no place in it, and PostgreSQL refuses NUL.
Comment = Annotated[str, Field(max_length=2000, pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$")]

VERDICT_EXAMPLE: Final[dict[str, Any]] = {"verdict": "accepted", "by": "Ada Lovelace"}
FEEDBACK_EXAMPLE: Final[dict[str, Any]] = {
    "lead_id": "L-1001",
    "verdict": "rejected",
    "reason": "no_budget",
    "comment": "Budget is gone until spring.",
    "by": "Ada Lovelace",
}


class HandoffVerdict(Message):
    """What sales says of one hand-off."""

    model_config = ConfigDict(json_schema_extra={"example": VERDICT_EXAMPLE})

    verdict: Annotated[
        Verdict,
        Field(description="`accepted`, `rejected`, or `recycled`: back to marketing, to come again later."),
    ]
    reason: Annotated[
        Id | None,
        Field(
            description="A code of the agreement's `sla.rejection_reasons`. A rejection needs one where the "
            "agreement lists any; an acceptance has none."
        ),
    ] = None
    until: Annotated[
        Moment | None,
        Field(description="Of a recycled lead: until when it stays with marketing, ISO 8601, in the future."),
    ] = None
    comment: Annotated[Comment | None, Field(description="In words, for people.")] = None
    by: Annotated[Id, Field(description="Who says it.")]


class FeedbackRequest(HandoffVerdict):
    """What sales says of a lead. It counts for the hand-off by which sales has the lead, if it has it."""

    model_config = ConfigDict(json_schema_extra={"example": FEEDBACK_EXAMPLE})

    lead_id: Annotated[Id, Field(description="The CRM's id of the lead, which Baton has scored.")]
    score_id: Annotated[Id | None, Field(description="The score of this lead that is meant.")] = None
    handoff_id: Annotated[Id | None, Field(description="The hand-off of this lead that is meant.")] = None
