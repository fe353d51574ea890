"""How Alembic runs: on the connection that it is given, inside that connection's transaction."""

from __future__ import annotations

from alembic import context

from serving.ledger.tables import METADATA


def run() -> None:
    """Run the migrations online; there is no offline mode, since no one would review the SQL."""
    connection = context.config.attributes["connection"]
    context.configure(connection=connection, target_metadata=METADATA, transactional_ddl=True)
    with context.begin_transaction():
        context.run_migrations()


run()
