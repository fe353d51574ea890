"""The whole way of one score as Baton answers it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from pydantic import BaseModel, Field

from features.trace_json import source_json
from models.model import Rung
from serving.answers import EXAMPLE as SCORE_EXAMPLE
from serving.answers import LeadAnswer, lead_json

if TYPE_CHECKING:
    from models.score_trace import ModelWay, ScoreTrace, TracedFeature
    from serving.ledger.ledger import LedgerRow

COMPARED: Final = ("probability", "grade", "decision")

EXAMPLE: Final[dict[str, Any]] = {
    "score_id": SCORE_EXAMPLE["scores"][0]["score_id"],
    "answered": SCORE_EXAMPLE["scores"][0],
    "missing": [],
    "reproduced": True,
    "differences": [],
    "model": {
        "model_rung": "scorecard_and_trees",
        "calibration": "platt",
        "cut_off": 0.2,
        "grades": [
            {"grade": "A", "at_least": 0.4, "is_reached": False},
            {"grade": "B", "at_least": 0.2, "is_reached": True},
            {"grade": "C", "at_least": 0.0, "is_reached": False},
        ],
    },
    "computed": {
        "base": -1.58,
        "total": -1.2,
        "raw_score": -1.2,
        "calibrated": -1.203,
        "probability": 0.231,
        "probability_low": 0.196,
        "probability_high": 0.268,
        "grade": "B",
        "is_open": True,
        "decision": "hand_off",
    },
    "features": [
        {
            "feature": "web_form_count_30d",
            "family": "behaviour",
            "sentence": "Web forms in the last 30 days",
            "value": 1,
            "contribution": 0.38,
            "sources": [
                {
                    "table": "activities",
                    "occurred_at": "2026-11-20T10:02:11+00:00",
                    "known_at": "2026-11-20T10:02:11+00:00",
                    "record": {"activity_type": "Web Form", "asset": "Pricing guide"},
                }
            ],
        }
    ],
}


class SourceAnswer(BaseModel):
    """A record that a value came from."""

    table: Annotated[str, Field(description="The table it is in, or what it was counted from.")]
    occurred_at: Annotated[datetime | None, Field(description="When it happened, if it is dated.")]
    known_at: Annotated[datetime | None, Field(description="When it became known.")]
    record: Annotated[dict[str, str], Field(description="What it says, by column.")]


class TracedFeatureAnswer(BaseModel):
    """A feature's part in the score."""

    feature: Annotated[str, Field(description="The feature's name in the model card.")]
    family: Annotated[str, Field(description="Its family, as in the reasons.")]
    sentence: Annotated[str, Field(description="What the number means.")]
    value: Annotated[float | str | None, Field(description="Its value; null is not known.")]
    contribution: Annotated[float, Field(description="What it added to the score, in log-odds.")]
    sources: Annotated[
        list[SourceAnswer], Field(description="The records that the value came from, the oldest first.")
    ]


class GradeStepAnswer(BaseModel):
    """An agreed grade."""

    grade: Annotated[str, Field(description="What it is called.")]
    at_least: Annotated[float, Field(description="The least probability that it asks for.")]
    is_reached: Annotated[bool, Field(description="Whether it is the grade of this score.")]


class ModelWayAnswer(BaseModel):
    """What the model does with any lead."""

    model_rung: Annotated[Rung, Field(description="What kind of model it is.")]
    calibration: Annotated[
        str,
        Field(
            description="What makes a probability of its score: `none`, `platt`, `beta`, `venn_abers` or "
            "`isotonic`."
        ),
    ]
    cut_off: Annotated[float, Field(description="The least probability that is handed to sales.")]
    grades: Annotated[list[GradeStepAnswer], Field(description="The agreed grades, the best first.")]


class ComputedAnswer(BaseModel):
    """The score, computed once more."""

    base: Annotated[float, Field(description="The score that the model expects of any lead, in log-odds.")]
    total: Annotated[
        float,
        Field(description="`base` and all contributions: the score, but for rounding at its last digits."),
    ]
    raw_score: Annotated[float, Field(description="The model's score, in log-odds.")]
    calibrated: Annotated[float, Field(description="That score calibrated, in log-odds.")]
    probability: Annotated[float, Field(description="The probability that it means.")]
    probability_low: Annotated[float | None, Field(description="The lower end of its 90 % interval.")]
    probability_high: Annotated[float | None, Field(description="The upper end of its 90 % interval.")]
    grade: Annotated[str, Field(description="The grade that it reaches.")]
    is_open: Annotated[
        bool,
        Field(
            description="Whether the lead was open: it existed, had not reached the stage, was not closed."
        ),
    ]
    decision: Annotated[
        Literal["hand_off", "nurture", "reject"],
        Field(description="`hand_off` if it was open and reaches the cut-off."),
    ]


class DifferenceAnswer(BaseModel):
    """What came out otherwise when it was computed once more."""

    what: Annotated[str, Field(description="`probability`, `grade` or `decision`.")]
    answered: Annotated[float | str | None, Field(description="As it was answered.")]
    computed: Annotated[float | str | None, Field(description="As it is computed now.")]


class TraceAnswer(BaseModel):
    """The whole way of one score: records, features, contributions, calibration, grade, decision."""

    score_id: Annotated[str, Field(description="The score.")]
    answered: Annotated[LeadAnswer, Field(description="What was answered, from the ledger.")]
    missing: Annotated[
        list[Literal["inputs", "model"]],
        Field(
            description="What is not there any more, or never was: the lead as it was sent (a rejected one "
            "is not kept, others for `BATON_KEEP_INPUTS_DAYS`), or the model on the shelf."
        ),
    ]
    reproduced: Annotated[
        bool | None,
        Field(
            description="Whether probability, grade and decision, computed once more, are those that were "
            "answered, to the last bit; null if something is missing."
        ),
    ]
    differences: Annotated[list[DifferenceAnswer], Field(description="What came out otherwise.")]
    model: Annotated[ModelWayAnswer | None, Field(description="The model; null if it is missing.")]
    computed: Annotated[
        ComputedAnswer | None,
        Field(description="The score computed once more; null if something is missing."),
    ]
    features: Annotated[
        list[TracedFeatureAnswer],
        Field(description="All features, in the model's order; empty if something is missing."),
    ]


@dataclass(frozen=True)
class Retraced:
    """A score of the ledger, and how its model came to it, as far as both are still there."""

    row: LedgerRow
    has_inputs: bool
    way: ModelWay | None
    trace: ScoreTrace | None

    @property
    def missing(self) -> list[str]:
        """What keeps the score from being computed once more."""
        here = {"inputs": self.has_inputs, "model": self.way is not None}
        return [name for name, is_here in here.items() if not is_here]

    def differences(self) -> list[dict[str, Any]]:
        """Return what the ledger and the trace do not agree on."""
        if self.trace is None:
            return []
        pairs = ((name, self.row[name], getattr(self.trace, name)) for name in COMPARED)
        return [
            {"what": name, "answered": was, "computed": found} for name, was, found in pairs if was != found
        ]


def trace_json(found: Retraced) -> dict[str, Any]:
    """Return the trace as it is answered."""
    differences = found.differences()
    return {
        "score_id": found.row["score_id"],
        "answered": lead_json(found.row),
        "missing": found.missing,
        "reproduced": None if found.trace is None else not differences,
        "differences": differences,
        "model": None if found.way is None else _way(found.way, found.row),
        "computed": None if found.trace is None else _computed(found.trace),
        "features": [] if found.trace is None else _features(found.trace.features),
    }


def _way(way: ModelWay, row: Mapping[str, Any]) -> dict[str, Any]:
    steps = way.steps(row["grade"])
    return {
        "model_rung": way.rung,
        "calibration": way.calibration,
        "cut_off": way.cut_off,
        "grades": [
            {"grade": one.grade, "at_least": one.at_least, "is_reached": one.is_reached} for one in steps
        ],
    }


def _computed(trace: ScoreTrace) -> dict[str, Any]:
    told = {name: getattr(trace, name) for name in ComputedAnswer.model_fields if name != "raw_score"}
    return told | {"raw_score": trace.raw}


def _features(features: Sequence[TracedFeature]) -> list[dict[str, Any]]:
    return [
        {
            "feature": one.feature,
            "family": one.family,
            "sentence": one.sentence,
            "value": one.value,
            "contribution": one.contribution,
            "sources": [source_json(source) for source in one.sources],
        }
        for one in features
    ]
