"""The tables of the ledger. Their history is in `serving/migrations`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from sqlalchemy import (
    JSON,
    Column,
    DateTime,
    Dialect,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)
from sqlalchemy.types import TypeDecorator
from typing_extensions import override

METADATA: Final = MetaData()


class UtcTime(TypeDecorator[datetime]):
    """A moment in UTC: `timestamptz` in PostgreSQL, ISO text in SQLite, which has no times of its own."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @override
    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a moment without an offset: whose midnight it means is a guess."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment has an offset; found {value.isoformat()}")
        return value.astimezone(UTC)

    @override
    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the moment back with its offset."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


SCORES: Final = Table(
    "scores",
    METADATA,
    Column("score_id", String(36), primary_key=True),
    Column("lead_id", String, nullable=False),
    Column("probability", Float(53)),
    Column("grade", String),
    Column("decision", String, nullable=False),
    Column("reasons", JSON, nullable=False),
    Column("issues", JSON, nullable=False),
    Column("model_version", String, nullable=False),
    Column("agreement_version", String, nullable=False),
    Column("horizon_days", Integer, nullable=False),
    Column("as_of", UtcTime),
    Column("scored_at", UtcTime, nullable=False),
    Column("key_id", String, nullable=False),
    Column("idempotency_key", String),
    Column("base_probability", Float(53)),
    Column("families", JSON),
    Column("changes", JSON),
    Column("probability_low", Float(53)),
    Column("probability_high", Float(53)),
    Column("model_rung", String),
    Column("handoff_id", String(36)),
    Column("due_at", UtcTime),
    Index("scores_by_lead", "lead_id", "scored_at"),
    Index("scores_by_time", "scored_at"),
)

API_KEYS: Final = Table(
    "api_keys",
    METADATA,
    Column("key_id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("secret_hash", String, nullable=False),
    Column("scopes", String, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("revoked_at", UtcTime),
    Column("per_minute", Integer),
    Column("most_leads", Integer),
)

# The second opinion on a score: a challenger's in shadow, or the champion's if a challenger answered.
SHADOW_SCORES: Final = Table(
    "shadow_scores",
    METADATA,
    Column("score_id", String(36), primary_key=True),
    Column("lead_id", String, nullable=False),
    Column("probability", Float(53)),
    Column("grade", String),
    Column("decision", String, nullable=False),
    Column("model_version", String, nullable=False),
    Column("model_rung", String, nullable=False),
    Column("agreement_version", String, nullable=False),
    Column("scored_at", UtcTime, nullable=False),
    Index("shadow_scores_by_lead", "lead_id"),
    Index("shadow_scores_by_time", "scored_at"),
)

# `round` counts the hand-offs of a lead from 1: two workers that open the same one cannot both succeed.
HANDOFFS: Final = Table(
    "handoffs",
    METADATA,
    Column("handoff_id", String(36), primary_key=True),
    Column("lead_id", String, nullable=False),
    Column("round", Integer, nullable=False),
    Column("score_id", String(36), nullable=False),
    Column("probability", Float(53), nullable=False),
    Column("grade", String, nullable=False),
    Column("opened_at", UtcTime, nullable=False),
    Column("due_at", UtcTime),
    Column("agreement_version", String, nullable=False),
    UniqueConstraint("lead_id", "round", name="handoffs_by_lead"),
    Index("handoffs_by_time", "opened_at"),
    Index("handoffs_by_due", "due_at", "handoff_id"),
)

# What sales said of a lead. `step` counts what was said of one hand-off from 1, for the reason of `round`.
FEEDBACK: Final = Table(
    "feedback",
    METADATA,
    Column("feedback_id", String(36), primary_key=True),
    Column("lead_id", String, nullable=False),
    Column("score_id", String(36)),
    Column("handoff_id", String(36)),
    Column("step", Integer),
    Column("verdict", String, nullable=False),
    Column("reason", String),
    Column("until", UtcTime),
    Column("comment", String),
    Column("given_by", String, nullable=False),
    Column("agreement_version", String, nullable=False),
    Column("recorded_at", UtcTime, nullable=False),
    Column("key_id", String, nullable=False),
    UniqueConstraint("handoff_id", "step", name="feedback_by_handoff"),
    Index("feedback_by_lead", "lead_id", "recorded_at"),
    Index("feedback_by_time", "recorded_at"),
)

# Requests that were sent with an idempotency key, and the ids of what they wrote.
REQUESTS: Final = Table(
    "requests",
    METADATA,
    Column("key_id", String, primary_key=True),
    Column("idempotency_key", String, primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("ids", JSON, nullable=False),
    Column("answered_at", UtcTime, nullable=False),
    Index("requests_by_time", "answered_at"),
)

# What a score was made from, as compressed JSON, so that it can be traced; it is kept for a while only.
INPUTS: Final = Table(
    "inputs",
    METADATA,
    Column("score_id", String(36), primary_key=True),
    Column("lead_id", String, nullable=False),
    Column("scored_at", UtcTime, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Index("inputs_by_lead", "lead_id"),
    Index("inputs_by_time", "scored_at"),
)

# Who did what that is no score: keys made and revoked, leads erased, records exported or retired.
AUDIT: Final = Table(
    "audit",
    METADATA,
    Column("audit_id", String(36), primary_key=True),
    Column("done_at", UtcTime, nullable=False),
    Column("actor", String, nullable=False),
    Column("action", String, nullable=False),
    Column("details", JSON, nullable=False),
    Index("audit_by_time", "done_at"),
)

# What is being removed right now: in one transaction, this lead or what is older may leave its table.
REMOVALS: Final = Table(
    "removals",
    METADATA,
    Column("removal_id", String(36), primary_key=True),
    Column("lead_id", String),
    Column("before", UtcTime),
)

# That leads were erased, and not which: a salted digest of each id, by which a page knows whom not to show.
ERASED_LEADS: Final = Table(
    "erased_leads",
    METADATA,
    Column("erasure_id", String(36), primary_key=True),
    Column("salt", String(32), nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("erased_at", UtcTime, nullable=False),
)
