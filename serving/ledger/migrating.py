"""Bringing the ledger's tables to the shape that this Baton writes."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, text

from data_checks.errors import BatonError

_MIGRATIONS: Final = Path(__file__).parents[1] / "migrations"
_LOCK: Final = 0x6261746F6E  # "baton": the number of the advisory lock in PostgreSQL


def migrate(engine: Engine) -> None:
    """Run the migrations that the ledger has not seen, all or none, one process at a time.

    Raises:
        BatonError: when a later Baton has migrated the ledger already.
        sqlalchemy.exc.DBAPIError: when the database cannot be reached or is locked.
    """
    from alembic.command import upgrade
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    with engine.begin() as connection:
        _lock(connection)
        config.attributes["connection"] = connection
        try:
            upgrade(config, "head")
        except CommandError as error:
            raise BatonError(
                "the ledger's tables are of this Baton or an earlier one",
                str(error),
                "start the Baton that wrote them, or restore an earlier ledger",
            ) from error


def _lock(connection: Connection) -> None:
    # SQLite is locked already: its transactions begin with the write lock.
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
