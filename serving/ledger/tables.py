"""The tables of the ledger. Their history is in `serving/migrations`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from sqlalchemy import JSON, Column, DateTime, Dialect, Float, Index, Integer, MetaData, String, Table
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
)
