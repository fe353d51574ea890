"""What a score was made of: the starting probability, the families, and what changed since the last score."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; scores from before have nothing in them."""
    op.add_column("scores", sa.Column("base_probability", sa.Float(53)))
    op.add_column("scores", sa.Column("families", sa.JSON))
    op.add_column("scores", sa.Column("changes", sa.JSON))


def downgrade() -> None:
    """Refuse: it would delete a part of what was answered."""
    raise NotImplementedError("the ledger is append-only; restore a copy of it instead")
