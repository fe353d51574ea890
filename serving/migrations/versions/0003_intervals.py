"""How sure a probability was, and what kind of model gave it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; scores from before have nothing in them."""
    op.add_column("scores", sa.Column("probability_low", sa.Float(53)))
    op.add_column("scores", sa.Column("probability_high", sa.Float(53)))
    op.add_column("scores", sa.Column("model_rung", sa.String))


def downgrade() -> None:
    """Refuse: it would delete a part of what was answered."""
    raise NotImplementedError("the ledger is append-only; restore a copy of it instead")
