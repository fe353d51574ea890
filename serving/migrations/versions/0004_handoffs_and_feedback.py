"""Hand-offs, feedback, second opinions, inputs, idempotent requests, the audit, and erasure."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

MOMENTS: Final = {
    "scores": "scored_at",
    "shadow_scores": "scored_at",
    "handoffs": "opened_at",
    "feedback": "recorded_at",
}
"""The append-only tables of leads, and when a row of each was written."""


def upgrade() -> None:
    """Create the tables. Append-only ones let a row go only while `removals` names its lead or its age."""
    op.add_column("scores", sa.Column("handoff_id", sa.String(36)))
    op.add_column("scores", sa.Column("due_at", _time()))
    op.add_column("api_keys", sa.Column("per_minute", sa.Integer))
    op.add_column("api_keys", sa.Column("most_leads", sa.Integer))
    _create_shadow_scores()
    _create_handoffs()
    _create_feedback()
    _create_others()
    if op.get_bind().dialect.name == "sqlite":
        _guard_sqlite()
    else:
        _guard_postgresql()


def downgrade() -> None:
    """Refuse: it would delete the record of what was answered."""
    raise NotImplementedError("the ledger is append-only; restore a copy of it instead")


def _create_shadow_scores() -> None:
    op.create_table(
        "shadow_scores",
        sa.Column("score_id", sa.String(36), primary_key=True),
        sa.Column("lead_id", sa.String, nullable=False),
        sa.Column("probability", sa.Float(53)),
        sa.Column("grade", sa.String),
        sa.Column("decision", sa.String, nullable=False),
        sa.Column("model_version", sa.String, nullable=False),
        sa.Column("model_rung", sa.String, nullable=False),
        sa.Column("agreement_version", sa.String, nullable=False),
        sa.Column("scored_at", _time(), nullable=False),
    )
    op.create_index("shadow_scores_by_lead", "shadow_scores", ["lead_id"])
    op.create_index("shadow_scores_by_time", "shadow_scores", ["scored_at"])


def _create_handoffs() -> None:
    op.create_table(
        "handoffs",
        sa.Column("handoff_id", sa.String(36), primary_key=True),
        sa.Column("lead_id", sa.String, nullable=False),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("score_id", sa.String(36), nullable=False),
        sa.Column("probability", sa.Float(53), nullable=False),
        sa.Column("grade", sa.String, nullable=False),
        sa.Column("opened_at", _time(), nullable=False),
        sa.Column("due_at", _time()),
        sa.Column("agreement_version", sa.String, nullable=False),
        sa.UniqueConstraint("lead_id", "round", name="handoffs_by_lead"),
    )
    op.create_index("handoffs_by_time", "handoffs", ["opened_at"])
    op.create_index("handoffs_by_due", "handoffs", ["due_at", "handoff_id"])


def _create_feedback() -> None:
    op.create_table(
        "feedback",
        sa.Column("feedback_id", sa.String(36), primary_key=True),
        sa.Column("lead_id", sa.String, nullable=False),
        sa.Column("score_id", sa.String(36)),
        sa.Column("handoff_id", sa.String(36)),
        sa.Column("step", sa.Integer),
        sa.Column("verdict", sa.String, nullable=False),
        sa.Column("reason", sa.String),
        sa.Column("until", _time()),
        sa.Column("comment", sa.String),
        sa.Column("given_by", sa.String, nullable=False),
        sa.Column("agreement_version", sa.String, nullable=False),
        sa.Column("recorded_at", _time(), nullable=False),
        sa.Column("key_id", sa.String, nullable=False),
        sa.UniqueConstraint("handoff_id", "step", name="feedback_by_handoff"),
    )
    op.create_index("feedback_by_lead", "feedback", ["lead_id", "recorded_at"])
    op.create_index("feedback_by_time", "feedback", ["recorded_at"])


def _create_others() -> None:
    op.create_table(
        "requests",
        sa.Column("key_id", sa.String, primary_key=True),
        sa.Column("idempotency_key", sa.String, primary_key=True),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("ids", sa.JSON, nullable=False),
        sa.Column("answered_at", _time(), nullable=False),
    )
    op.create_index("requests_by_time", "requests", ["answered_at"])
    op.create_table(
        "inputs",
        sa.Column("score_id", sa.String(36), primary_key=True),
        sa.Column("lead_id", sa.String, nullable=False),
        sa.Column("scored_at", _time(), nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
    op.create_index("inputs_by_lead", "inputs", ["lead_id"])
    op.create_index("inputs_by_time", "inputs", ["scored_at"])
    op.create_table(
        "audit",
        sa.Column("audit_id", sa.String(36), primary_key=True),
        sa.Column("done_at", _time(), nullable=False),
        sa.Column("actor", sa.String, nullable=False),
        sa.Column("action", sa.String, nullable=False),
        sa.Column("details", sa.JSON, nullable=False),
    )
    op.create_index("audit_by_time", "audit", ["done_at"])
    op.create_table(
        "removals",
        sa.Column("removal_id", sa.String(36), primary_key=True),
        sa.Column("lead_id", sa.String),
        sa.Column("before", _time()),
    )


def _time() -> sa.DateTime:
    return sa.DateTime(timezone=True)


def _guard_sqlite() -> None:
    op.execute("DROP TRIGGER scores_no_update")
    op.execute("DROP TRIGGER scores_no_delete")
    for table, moment in MOMENTS.items():
        allowed = f"SELECT 1 FROM removals WHERE lead_id = OLD.lead_id OR before > OLD.{moment}"  # noqa: S608
        _refuse_in_sqlite(table, "UPDATE")
        _refuse_in_sqlite(table, "DELETE", f"WHEN NOT EXISTS ({allowed}) ")
    for event in ("UPDATE", "DELETE"):
        _refuse_in_sqlite("audit", event)


def _refuse_in_sqlite(table: str, event: str, when: str = "") -> None:
    op.execute(
        f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table} {when}"
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    )


def _guard_postgresql() -> None:
    op.execute("DROP TRIGGER scores_append_only ON scores")
    op.execute("DROP FUNCTION scores_refuse()")
    op.execute(
        "CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    op.execute(
        "CREATE FUNCTION append_only_but_removals() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "DECLARE moment timestamptz; BEGIN "
        "EXECUTE format('SELECT ($1).%I', TG_ARGV[0]) USING OLD INTO moment; "
        "IF EXISTS (SELECT 1 FROM removals WHERE lead_id = OLD.lead_id OR before > moment) "
        "THEN RETURN OLD; END IF; "
        "RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    for table, moment in MOMENTS.items():
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION append_only()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_removals BEFORE DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION append_only_but_removals('{moment}')"
        )
    op.execute(
        "CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit "
        "FOR EACH STATEMENT EXECUTE FUNCTION append_only()"
    )
