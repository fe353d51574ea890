"""Fingerprints of erased leads, by which the pages know whom not to show."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "erased_leads",
        sa.Column("erasure_id", sa.String(36), primary_key=True),
        sa.Column("salt", sa.String(32), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    """Refuse: leads that were erased would be shown again."""
    raise NotImplementedError("erasures stay; restore a copy of the ledger instead")
