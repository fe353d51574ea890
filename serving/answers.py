"""What Baton answers, and the same as a row of the ledger."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from pydantic import BaseModel, Field
from pydantic_core import to_json

if TYPE_CHECKING:
    from data_checks.instant import Issue
    from models.explanation import Reason
    from serving.ledger.ledger import ScoreRow

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LONGEST_MESSAGE: Final = 500


EXAMPLE: Final[dict[str, Any]] = {
    "scores": [
        {
            "lead_id": "L-1001",
            "score_id": "019ab4f2-3c51-7a0e-9d7e-5f6f1c2b3a4d",
            "probability": 0.231,
            "horizon_days": 90,
            "grade": "B",
            "decision": "hand_off",
            "model_version": "17",
            "agreement_version": "2026.11",
            "scored_at": "2026-11-22T09:14:03.512000Z",
            "as_of": "2026-11-22T09:14:03.508000Z",
            "reasons": [
                {
                    "feature": "web_form_count_30d",
                    "family": "behaviour",
                    "text": "filled in 3 web forms in the last 30 days",
                    "value": 3,
                    "effect": 0.08,
                }
            ],
            "issues": [],
        }
    ]
}


class ReasonAnswer(BaseModel):
    """One thing that moved the probability, up or down."""

    feature: Annotated[str, Field(description="The feature's name in the model card.")]
    family: Annotated[
        str, Field(description="`demographic`, `behaviour`, `asset`, `product interest` or `timing`.")
    ]
    text: Annotated[str, Field(description="The reason in a sentence that sales can check.")]
    value: Annotated[float | str | None, Field(description="The feature's value for this lead.")]
    effect: Annotated[float, Field(description="Its part in the probability; 0.08 is eight points up.")]


class IssueAnswer(BaseModel):
    """One rule that the lead breaks, or one thing in it that was not used."""

    field: Annotated[str, Field(description="The field, or the path inside the lead.")]
    rule: Annotated[str, Field(description="The rule's name in the agreement, or a rule of the house.")]
    message: Annotated[str, Field(description="The rule, what was found, and what to do.")]


class LeadAnswer(BaseModel):
    """The score of one lead. A rejected lead has no probability and no grade."""

    lead_id: Annotated[str, Field(description="The lead's id in the request.")]
    score_id: Annotated[str, Field(description="Names this score for ever; a UUID that grows with time.")]
    probability: Annotated[
        float | None, Field(description="That the lead reaches the agreed stage within `horizon_days`.")
    ]
    horizon_days: Annotated[int, Field(description="The agreed days.")]
    grade: Annotated[str | None, Field(description="The agreed grade of that probability.")]
    decision: Annotated[
        Literal["hand_off", "nurture", "reject"], Field(description="What happens to the lead now.")
    ]
    reasons: Annotated[list[ReasonAnswer], Field(description="What moved the probability most.")]
    issues: Annotated[list[IssueAnswer], Field(description="What is to be said of the lead's data.")]
    model_version: Annotated[str, Field(description="The model that scored.")]
    agreement_version: Annotated[str, Field(description="The agreement it scored under.")]
    scored_at: Annotated[datetime, Field(description="The moment of the answer, UTC.")]
    as_of: Annotated[
        datetime | None, Field(description="The moment the lead was looked at; null when it was unreadable.")
    ]


class ScoreAnswer(BaseModel):
    """The scores, one for each lead and in the order of the request."""

    scores: list[LeadAnswer]


def utc(moment: int) -> datetime:
    """Return microseconds since 1970 UTC as a time."""
    return _EPOCH + timedelta(microseconds=moment)


def reasons_json(reasons: Sequence[Reason]) -> list[dict[str, Any]]:
    """Return reasons as the answer shows them; JSON has no NaN, so a missing value is null."""
    return [
        {
            "feature": reason.feature,
            "family": reason.family,
            "text": reason.text,
            "value": _finite(reason.value),
            "effect": reason.effect,
        }
        for reason in reasons
    ]


def issues_json(issues: Sequence[Issue]) -> list[dict[str, str]]:
    """Return issues as the answer shows them; a long message is cut."""
    return [{"field": issue.field, "rule": issue.rule, "message": _cut(issue.message)} for issue in issues]


def answer_body(rows: Sequence[ScoreRow]) -> bytes:
    """Return the answer to a request whose scores are these rows of the ledger.

    The rows hold reasons and issues as JSON already; they go into the answer as they are.
    """
    return b'{"scores":[' + b",".join(_lead_body(row) for row in rows) + b"]}"


def _lead_body(row: ScoreRow) -> bytes:
    shown = {name: row[name] for name in _PLAIN}
    lists = f',"reasons":{row["reasons"]},"issues":{row["issues"]}}}'
    return to_json(shown)[:-1] + lists.encode()


_PLAIN: Final = (
    "lead_id",
    "score_id",
    "probability",
    "horizon_days",
    "grade",
    "decision",
    "model_version",
    "agreement_version",
    "scored_at",
    "as_of",
)


def _finite(value: float | str | None) -> float | str | None:
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _cut(message: str) -> str:
    return message if len(message) <= _LONGEST_MESSAGE else message[: _LONGEST_MESSAGE - 3] + "..."
