"""Connections to the ledger's database, set up so that what is committed stays."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Final
from urllib.parse import quote
from uuid import uuid4

from pydantic_core import from_json
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry

from data_checks.errors import BatonError
from serving.ledger.prepared import execute

READS: Final = "baton_reads"
ALONE: Final = "baton_alone"
"""A transaction beside which nobody else writes: in PostgreSQL by a lock that all writers share."""

_WRITERS: Final = 7_251_302
"""The number of that lock."""

_FILE: Final = "baton_file"


def connect_to(url: str, seconds: float) -> Engine:
    """Return an engine for the ledger at ``url``; nothing is connected yet.

    ``seconds`` is how long a statement waits for a lock, and a connection for its server. JSON columns
    take text that is JSON already, since the answer needs the same text.

    Raises:
        BatonError: when the database's driver is not installed.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(parsed, seconds)
    if find_spec("psycopg") is None:
        raise BatonError(
            "a PostgreSQL ledger needs its driver", "no psycopg", "install it: pip install 'psycopg[binary]'"
        )
    milliseconds = int(seconds * 1000)
    limits = f"-c lock_timeout={milliseconds} -c statement_timeout={2 * milliseconds}"
    engine = create_engine(
        parsed,
        json_serializer=str,
        json_deserializer=from_json,
        pool_pre_ping=True,
        pool_timeout=seconds,
        connect_args={"connect_timeout": max(2, int(seconds)), "options": limits},
    )

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # Before anything is read: what is written depends on what was read before.
        options = connection.get_execution_options()
        if not options.get(READS, False):
            kind = "" if options.get(ALONE, False) else "_shared"
            connection.exec_driver_sql(f"select pg_advisory_xact_lock{kind}({_WRITERS})")

    return engine


def _sqlite(url: URL, seconds: float) -> Engine:
    path = Path(str(url.database)).absolute()

    def open_file() -> sqlite3.Connection:
        # mode=rw: a ledger that has gone is missed, not replaced by an empty one.
        address = f"file:{quote(str(path))}?mode=rw"
        return sqlite3.connect(address, uri=True, timeout=seconds, check_same_thread=False)

    engine = create_engine(
        url, creator=open_file, json_serializer=str, json_deserializer=from_json, pool_timeout=seconds
    )

    @event.listens_for(engine, "connect")
    def _set_up(connection: sqlite3.Connection, entry: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # BEGIN is ours, see below
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA secure_delete = ON")  # what is erased is overwritten
        entry.info[_FILE] = path, _identity(path)

    @event.listens_for(engine, "checkout")
    def _same_file(_connection: sqlite3.Connection, entry: ConnectionPoolEntry, _proxy: object) -> None:
        # SQLite goes on writing to a file that was deleted or swapped, into nowhere.
        if entry.info[_FILE] != (path, _identity(path)):
            raise DisconnectionError("the ledger's file is another one now")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A writer that asks for the lock at its first write, not at its start, may fail without waiting.
        reads = connection.get_execution_options().get(READS, False)
        execute(connection, "BEGIN" if reads else "BEGIN IMMEDIATE")

    return engine


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def is_stale(connection: Connection) -> bool:
    """Tell whether a connection that was kept open leads to a file that is no longer the ledger's."""
    if _FILE not in connection.info:
        return False
    path, identity = connection.info[_FILE]
    return bool(identity != _identity(path))


def empty_log(engine: Engine) -> bool:
    """Move what SQLite's log holds into the ledger's file and empty the log; tell whether it is empty.

    Until then the log has pages as they were before something was erased. PostgreSQL has no such log of
    ours to empty.
    """
    if engine.dialect.name != "sqlite":
        return True
    connection = engine.raw_connection()
    try:
        busy = connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    except sqlite3.Error:
        return False
    finally:
        connection.close()
    return not busy


def make_file(engine: Engine) -> None:
    """Create the file of a SQLite ledger, readable by its owner alone, unless it is there."""
    if engine.dialect.name != "sqlite":
        return
    path = Path(str(engine.url.database)).absolute()
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        _make_beside(path)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    _use_log(path)


def _make_beside(path: Path) -> None:
    # Who asks for the log while another makes the file is not told to wait, but that it is locked.
    fresh = path.with_name(f".{path.name}.{uuid4().hex}")
    os.close(os.open(fresh, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        _use_log(fresh)
        # Another was first, or this file system knows no links: then it is made in its place.
        with suppress(OSError):
            path.hardlink_to(fresh)
    finally:
        fresh.unlink()


def _use_log(path: Path) -> None:
    with closing(sqlite3.connect(path, timeout=30)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
