"""What Baton answers, and the same as a row of the ledger."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from pydantic import BaseModel, Field
from pydantic_core import to_json

from models.model import Rung

if TYPE_CHECKING:
    from data_checks.instant import Issue
    from models.explanation import FamilyEffect, Reason
    from serving.ledger.ledger import LedgerRow

_LONGEST_MESSAGE: Final = 500


EXAMPLE: Final[dict[str, Any]] = {
    "scores": [
        {
            "lead_id": "L-1001",
            "score_id": "019ab4f2-3c51-7a0e-9d7e-5f6f1c2b3a4d",
            "probability": 0.231,
            "probability_low": 0.196,
            "probability_high": 0.268,
            "base_probability": 0.171,
            "horizon_days": 90,
            "grade": "B",
            "decision": "hand_off",
            "model_version": "17",
            "model_rung": "scorecard_and_trees",
            "agreement_version": "2026.11",
            "scored_at": "2026-11-22T09:14:03.512000Z",
            "as_of": "2026-11-22T09:14:03.508000Z",
            "handoff_id": "019ab4f2-3c51-7b1d-8a44-0d2f6e7c9b10",
            "due_at": "2026-11-23T15:00:00Z",
            "reasons": [
                {
                    "feature": "web_form_count_30d",
                    "family": "behaviour",
                    "text": "filled in 3 web forms in the last 30 days",
                    "value": 3,
                    "effect": 0.08,
                    "alike": "3 or more",
                    "leads": 412,
                    "rate": 0.29,
                }
            ],
            "families": [
                {"family": "behaviour", "effect": 0.09},
                {"family": "demographic", "effect": -0.03},
            ],
            "changes": {
                "score_id": "019a8e10-77d2-7c31-8f0a-0b9f4a6d2e11",
                "scored_at": "2026-11-15T09:12:44.120000Z",
                "as_of": "2026-11-15T09:12:44.117000Z",
                "model_version": "17",
                "probability": 0.162,
                "effect": 0.069,
                "base_effect": 0.0,
                "families": [{"family": "behaviour", "effect": 0.069}],
                "features": [
                    {
                        "feature": "web_form_count_30d",
                        "family": "behaviour",
                        "text": "filled in 3 web forms in the last 30 days",
                        "former_value": 1,
                        "value": 3,
                        "effect": 0.06,
                    }
                ],
            },
            "issues": [],
        }
    ]
}


class ReasonAnswer(BaseModel):
    """One thing that moved the probability, up or down."""

    feature: Annotated[str, Field(description="The feature's name in the model card.")]
    family: Annotated[
        str,
        Field(
            description="`demographic`, `behaviour`, `asset`, `product interest`, `timing` or "
            "`account and market`."
        ),
    ]
    text: Annotated[str, Field(description="The reason in a sentence that sales can check.")]
    value: Annotated[float | str | None, Field(description="The feature's value for this lead.")]
    effect: Annotated[float, Field(description="Its part in the probability; 0.08 is eight points up.")]
    alike: Annotated[
        str | None, Field(description="The values that count as like this one; null if nobody counted.")
    ]
    leads: Annotated[int | None, Field(description="How many past leads had such a value.")]
    rate: Annotated[
        float | None,
        Field(description="Which share of them reached the target in time; null if they are too few."),
    ]


class FamilyAnswer(BaseModel):
    """What all features of one family did together."""

    family: Annotated[str, Field(description="As in the reasons.")]
    effect: Annotated[float, Field(description="The sum of its features' effects.")]


class MovedAnswer(BaseModel):
    """A feature among the reasons of both scores."""

    feature: Annotated[str, Field(description="The feature's name in the model card.")]
    family: Annotated[str, Field(description="Its family.")]
    text: Annotated[str, Field(description="The reason as it is now.")]
    former_value: Annotated[float | str | None, Field(description="The value at the former score.")]
    value: Annotated[float | str | None, Field(description="The value now.")]
    effect: Annotated[float, Field(description="By how much its effect changed.")]


class ChangeAnswer(BaseModel):
    """What changed since the last score of the same lead."""

    score_id: Annotated[str, Field(description="The former score.")]
    scored_at: Annotated[datetime, Field(description="The moment it was answered, UTC.")]
    as_of: Annotated[datetime, Field(description="The moment it looked at, UTC.")]
    model_version: Annotated[str, Field(description="The model that gave it.")]
    probability: Annotated[float, Field(description="The former probability.")]
    effect: Annotated[float, Field(description="By how much the probability changed.")]
    base_effect: Annotated[
        float | None,
        Field(description="The part of a change of model; null if the former score had no reasons."),
    ]
    families: Annotated[
        list[FamilyAnswer], Field(description="The part of each family; they add up with `base_effect`.")
    ]
    features: Annotated[list[MovedAnswer], Field(description="Features among the reasons of both scores.")]


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
    probability_low: Annotated[
        float | None,
        Field(
            description="The lower end of a 90 % interval: of leads given about this probability in a later "
            "period, at least this share reaches the stage. Null if forward folds could not tell."
        ),
    ]
    probability_high: Annotated[float | None, Field(description="The upper end of that interval.")]
    base_probability: Annotated[
        float | None,
        Field(description="Where reasons start: it and the effects of all families make the probability."),
    ]
    horizon_days: Annotated[int, Field(description="The agreed days.")]
    grade: Annotated[str | None, Field(description="The agreed grade of that probability.")]
    decision: Annotated[
        Literal["hand_off", "nurture", "reject"], Field(description="What happens to the lead now.")
    ]
    handoff_id: Annotated[
        str | None,
        Field(
            description="The hand-off by which sales has the lead now, opened by this score or before; "
            "null if sales does not have it."
        ),
    ]
    due_at: Annotated[
        datetime | None,
        Field(description="When sales is to have contacted the lead, by the agreed working hours; UTC."),
    ]
    reasons: Annotated[
        list[ReasonAnswer],
        Field(
            description="What moved the probability most: up to five up and five down, the strongest first."
        ),
    ]
    families: Annotated[list[FamilyAnswer], Field(description="What each family did, the strongest first.")]
    changes: Annotated[
        ChangeAnswer | None, Field(description="What changed since this lead's last score, if there was one.")
    ]
    issues: Annotated[list[IssueAnswer], Field(description="What is to be said of the lead's data.")]
    model_version: Annotated[str, Field(description="The model that scored.")]
    model_rung: Annotated[
        Rung, Field(description="What the model is; `base_rate` where there is no usable signal.")
    ]
    agreement_version: Annotated[str, Field(description="The agreement it scored under.")]
    scored_at: Annotated[datetime, Field(description="The moment of the answer, UTC.")]
    as_of: Annotated[
        datetime | None, Field(description="The moment the lead was looked at; null when it was unreadable.")
    ]


class ScoreAnswer(BaseModel):
    """The scores, one for each lead and in the order of the request."""

    scores: list[LeadAnswer]


def reasons_json(reasons: Sequence[Reason]) -> list[dict[str, Any]]:
    """Return reasons as the answer shows them; JSON has no NaN, so a missing value is null."""
    return [
        {
            "feature": reason.feature,
            "family": reason.family,
            "text": reason.text,
            "value": finite(reason.value),
            "effect": reason.effect,
            "alike": reason.alike,
            "leads": reason.leads,
            "rate": reason.rate,
        }
        for reason in reasons
    ]


def families_json(families: Sequence[FamilyEffect]) -> list[dict[str, Any]]:
    """Return the families' effects as the answer shows them."""
    return [{"family": one.family, "effect": one.effect} for one in families]


def issues_json(issues: Sequence[Issue]) -> list[dict[str, str]]:
    """Return issues as the answer shows them; a long message is cut."""
    return [{"field": issue.field, "rule": issue.rule, "message": _cut(issue.message)} for issue in issues]


def answer_body(rows: Sequence[LedgerRow]) -> bytes:
    """Return the answer to a request whose scores are these rows of the ledger.

    The rows hold reasons, families, changes and issues as JSON already; they go into the answer as they are.
    """
    return b'{"scores":[' + b",".join(_lead_body(row) for row in rows) + b"]}"


def replayed_body(rows: Sequence[LedgerRow]) -> bytes:
    """Return the answer again, from the rows as the ledger gives them back."""
    return answer_body([{**row, **{name: to_json(row[name]).decode() for name in _JSON}} for row in rows])


def lead_json(row: LedgerRow) -> dict[str, Any]:
    """Return one score as plain data, from its row as the ledger gives it back."""
    return {name: row[name] for name in _PLAIN} | {name: row[name] for name in _JSON}


def _lead_body(row: LedgerRow) -> bytes:
    shown = {name: row[name] for name in _PLAIN}
    parts = "".join(f',"{name}":{row[name]}' for name in _JSON)
    return to_json(shown)[:-1] + parts.encode() + b"}"


_PLAIN: Final = (
    "lead_id",
    "score_id",
    "probability",
    "probability_low",
    "probability_high",
    "base_probability",
    "horizon_days",
    "grade",
    "decision",
    "model_version",
    "model_rung",
    "agreement_version",
    "scored_at",
    "as_of",
    "handoff_id",
    "due_at",
)
_JSON: Final = ("reasons", "families", "changes", "issues")


def finite(value: float | str | None) -> float | str | None:
    """Return a value as JSON can hold it: a missing one is null."""
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _cut(message: str) -> str:
    return message if len(message) <= _LONGEST_MESSAGE else message[: _LONGEST_MESSAGE - 3] + "..."
