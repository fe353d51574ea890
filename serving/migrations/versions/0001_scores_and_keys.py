"""The first ledger: scores, which nothing may change, and the keys of those who may ask."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_RULE = "scores is append-only"


def upgrade() -> None:
    """Create both tables, and the triggers that refuse to change or delete a score."""
    op.create_table(
        "scores",
        sa.Column("score_id", sa.String(36), primary_key=True),
        sa.Column("lead_id", sa.String, nullable=False),
        sa.Column("probability", sa.Float(53)),
        sa.Column("grade", sa.String),
        sa.Column("decision", sa.String, nullable=False),
        sa.Column("reasons", sa.JSON, nullable=False),
        sa.Column("issues", sa.JSON, nullable=False),
        sa.Column("model_version", sa.String, nullable=False),
        sa.Column("agreement_version", sa.String, nullable=False),
        sa.Column("horizon_days", sa.Integer, nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True)),
        sa.Column("scored_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key_id", sa.String, nullable=False),
        sa.Column("idempotency_key", sa.String),
    )
    op.create_index("scores_by_lead", "scores", ["lead_id", "scored_at"])
    op.create_index("scores_by_time", "scores", ["scored_at"])
    op.create_table(
        "api_keys",
        sa.Column("key_id", sa.String, primary_key=True),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("secret_hash", sa.String, nullable=False),
        sa.Column("scopes", sa.String, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True)),
    )
    if op.get_bind().dialect.name == "sqlite":
        _guard_sqlite()
    else:
        _guard_postgresql()


def downgrade() -> None:
    """Refuse: it would delete the record of what was answered."""
    raise NotImplementedError("the ledger is append-only; restore a copy of it instead")


def _guard_sqlite() -> None:
    for event in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER scores_no_{event.lower()} BEFORE {event} ON scores "
            f"BEGIN SELECT RAISE(ABORT, '{_RULE}'); END"
        )


def _guard_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION scores_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_RULE}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER scores_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON scores "
        "FOR EACH STATEMENT EXECUTE FUNCTION scores_refuse()"
    )
