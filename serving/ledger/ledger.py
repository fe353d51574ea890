"""The ledger: what was answered, written before it is answered."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from sqlalchemy import Connection, Table, func, select
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as NoConnectionError

from serving.ledger.engine import ALONE, READS, connect_to, empty_log, is_stale, make_file
from serving.ledger.errors import LedgerDownError
from serving.ledger.migrating import migrate
from serving.ledger.prepared import insert_rows
from serving.ledger.tables import SCORES
from serving.settings import Settings

# One row of a table by column; what is JSON in the table is a JSON text here.
LedgerRow: TypeAlias = Mapping[str, object]
Entries: TypeAlias = Mapping[Table, Sequence[LedgerRow]]


@dataclass(frozen=True)
class RecentScores:
    """How many leads were scored lately, by decision, and when the last one was."""

    by_decision: Mapping[str, int]
    last_at: datetime | None

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.by_decision.values())


class Ledger:
    """One ledger by its URL. All methods block; each runs in a thread, never on the event loop."""

    def __init__(self, url: str, seconds: float) -> None:
        self._engine = connect_to(url, seconds)
        self._writer: Connection | None = None
        self._opened = False
        self.fault: LedgerDownError | None = LedgerDownError("the ledger is open", "it is not opened yet")

    @property
    def name(self) -> str:
        """The URL without its password."""
        return self._engine.url.render_as_string(hide_password=True)

    def open(self) -> None:
        """Create and migrate the ledger as needed; a second call only sees whether it can be written.

        Raises:
            LedgerDownError: when it cannot be written. It may be called again at any time.
        """
        with self._reporting():
            if not self._opened:
                make_file(self._engine)
                migrate(self._engine)
                self._opened = True
            else:
                with self._engine.begin() as connection:
                    connection.execute(select(SCORES.c.score_id).limit(0))

    def close(self) -> None:
        """Close all connections."""
        self._drop_writer()
        self._engine.dispose()

    def append(self, entries: Entries) -> None:
        """Write rows of any tables, all or none; they are on disk when this returns. For one thread only.

        Raises:
            LedgerDownError: when they are not.
            sqlalchemy.exc.IntegrityError, sqlalchemy.exc.DataError: when one of them cannot be written.
        """
        with self.appending() as connection:
            add_rows(connection, entries)

    @contextmanager
    def appending(self) -> Iterator[Connection]:
        """Give the connection of the thread that appends, to read what depends on what, and to add rows.

        What was added is on disk when the block has ended, all of it or nothing.

        Raises:
            LedgerDownError: when the ledger can be neither read nor written.
            sqlalchemy.exc.IntegrityError, sqlalchemy.exc.DataError: when a row cannot be written.
        """
        with self._reporting():
            try:
                writer = self._kept_writer()
                with writer.begin():
                    yield writer
            except BaseException:
                self._drop_writer()
                raise

    def _kept_writer(self) -> Connection:
        # Taking a connection from the pool for each commit costs as much as the commit itself.
        if self._writer is not None and is_stale(self._writer):
            self._drop_writer()
        if self._writer is None:
            self._writer = self._engine.connect()
        return self._writer

    def _drop_writer(self) -> None:
        writer, self._writer = self._writer, None
        if writer is not None:
            with suppress(DBAPIError):
                writer.invalidate()
            writer.close()

    def recent_scores(self, now: datetime, period: timedelta) -> RecentScores:
        """Count the scores of the ``period`` before ``now``.

        Raises:
            LedgerDownError: when the ledger cannot be read.
        """
        by_decision = (
            select(SCORES.c.decision, func.count(), func.max(SCORES.c.scored_at))
            .where(SCORES.c.scored_at > now - period)
            .group_by(SCORES.c.decision)
        )
        with self.reading() as connection:
            rows = connection.execute(by_decision).all()
            last = connection.execute(select(func.max(SCORES.c.scored_at))).scalar()
        return RecentScores({decision: count for decision, count, _ in rows}, last)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that takes no write lock.

        Raises:
            LedgerDownError: when the ledger cannot be read.
        """
        try:
            with self._engine.connect().execution_options(**{READS: True}) as connection:
                yield connection
        except (DBAPIError, NoConnectionError, OSError) as error:
            raise _down(error) from None

    @contextmanager
    def writing(self, alone: bool = False) -> Iterator[Connection]:
        """Give a connection whose transaction is committed at the end; ``alone``, nobody writes beside it.

        Raises:
            LedgerDownError: when it cannot be committed.
        """
        options = {ALONE: alone}
        with (
            self._reporting(),
            self._engine.connect().execution_options(**options) as connection,
            connection.begin(),
        ):
            yield connection

    def forget(self) -> bool:
        """See that what was deleted is in no file of the ledger; tell whether that is so now.

        Someone who reads at this moment may keep SQLite from it; then the next call will do.

        Raises:
            LedgerDownError: when the ledger cannot be reached.
        """
        with self._reporting():
            return empty_log(self._engine)

    @contextmanager
    def _reporting(self) -> Iterator[None]:
        # Only writing tells whether the ledger is well: a locked or full one can still be read.
        try:
            yield
        except (IntegrityError, DataError):
            raise
        except (DBAPIError, NoConnectionError, OSError, sqlite3.Error) as error:
            self.fault = _down(error)
            raise self.fault from None
        self.fault = None


def add_rows(connection: Connection, entries: Entries) -> None:
    """Add rows of any tables."""
    for table, rows in entries.items():
        if rows:
            insert_rows(connection, table, rows)


def open_ledger(settings: Settings) -> Ledger:
    """Return the ledger that the settings name, migrated and ready to be written.

    Raises:
        LedgerDownError: when it cannot be written.
    """
    ledger = Ledger(settings.ledger_url, settings.ledger_seconds)
    ledger.open()
    return ledger


def _down(error: Exception) -> LedgerDownError:
    cause: Any = getattr(error, "orig", None) or error
    words = " ".join(str(cause).split())[:300]
    return LedgerDownError(
        "the ledger can be written",
        f"{type(cause).__name__}: {words}",
        "see that BATON_LEDGER_URL can be reached, is not locked and has room; Baton tries again by itself",
    )
