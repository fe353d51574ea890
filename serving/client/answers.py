"""What Baton answers, typed. Keys that a later Baton adds are passed over."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

State = Literal["open", "accepted", "rejected", "recycled"]
Verdict = Literal["accepted", "rejected", "recycled"]
Decision = Literal["hand_off", "nurture", "reject"]
Value = float | str | None


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", protected_namespaces=())


class Reason(_Answer):
    """One thing that moved a probability; ``effect`` is in probability points (0.08 is eight points up)."""

    feature: str
    family: str
    text: str
    value: Value
    effect: float
    alike: str | None
    leads: int | None
    rate: float | None


class Family(_Answer):
    """What all features of a family did together."""

    family: str
    effect: float


class Moved(_Answer):
    """A feature among the reasons of both scores."""

    feature: str
    family: str
    text: str
    former_value: Value
    value: Value
    effect: float


class Changes(_Answer):
    """What changed since the lead's last score."""

    score_id: str
    scored_at: datetime
    as_of: datetime
    model_version: str
    probability: float
    effect: float
    base_effect: float | None
    families: tuple[Family, ...]
    features: tuple[Moved, ...]


class Issue(_Answer):
    """One thing that is to be said of a lead's data."""

    field: str
    rule: str
    message: str


class Score(_Answer):
    """The score of one lead. A rejected lead has no probability and no grade."""

    lead_id: str
    score_id: str
    probability: float | None
    probability_low: float | None
    probability_high: float | None
    base_probability: float | None
    horizon_days: int
    grade: str | None
    decision: Decision
    handoff_id: str | None
    due_at: datetime | None
    reasons: tuple[Reason, ...]
    families: tuple[Family, ...]
    changes: Changes | None
    issues: tuple[Issue, ...]
    model_version: str
    model_rung: str | None
    agreement_version: str
    scored_at: datetime
    as_of: datetime | None


class Scores(_Answer):
    """Scores in the order of the request."""

    scores: tuple[Score, ...]


class Challenger(_Answer):
    """The model that scores beside the champion."""

    model_version: str
    agreement_version: str
    model_rung: str
    serving_since: datetime
    is_objected: bool
    canary_share: float


class Model(_Answer):
    """The model that scores now."""

    model_version: str
    agreement_version: str
    horizon_days: int
    model_rung: str
    standing: str
    trained_on: dict[str, int | float | str]
    features: tuple[str, ...]
    serving_since: datetime
    not_loaded: str | None
    challenger: Challenger | None
    challenger_not_loaded: str | None


class Handoff(_Answer):
    """A lead given to sales, and what sales said of it last."""

    handoff_id: str
    lead_id: str
    state: State
    grade: str
    probability: float
    score_id: str
    opened_at: datetime
    due_at: datetime | None
    overdue: bool
    reason: str | None
    until: datetime | None
    answered_at: datetime | None
    by: str | None


class Handoffs(_Answer):
    """A page of hand-offs, those due soonest first; ``next_cursor`` leads to the next page."""

    handoffs: tuple[Handoff, ...]
    next_cursor: str | None


class Feedback(_Answer):
    """What was said of a lead, as the ledger has it."""

    feedback_id: str
    lead_id: str
    verdict: Verdict
    reason: str | None
    until: datetime | None
    comment: str | None
    by: str
    score_id: str | None
    handoff_id: str | None
    agreement_version: str
    recorded_at: datetime


class LeadStory(_Answer):
    """All that the ledger knows of a lead, the newest first."""

    lead_id: str
    scores: tuple[Score, ...]
    next_cursor: str | None
    handoffs: tuple[Handoff, ...]
    feedback: tuple[Feedback, ...]


class Erasure(_Answer):
    """How many rows of the ledger were deleted, by its tables."""

    scores: int
    shadow_scores: int
    handoffs: int
    feedback: int
    inputs: int
    requests: int


class Trace(BaseModel):
    """The whole way of one score. What is not typed here is in ``model_extra``, as it was answered."""

    model_config = ConfigDict(frozen=True, extra="allow")

    score_id: str
    answered: Score
    reproduced: bool | None


class Agreement(BaseModel):
    """The agreement. Its other keys are in ``model_extra``, as `agreement.yaml` names them."""

    model_config = ConfigDict(frozen=True, extra="allow")

    version: str
