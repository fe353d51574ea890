"""Statements that go with every score: compiled once, and run by the database's driver itself.

SQLAlchemy writes the text and turns values into what the database holds, as for any other statement. Its
own way to run one costs several times what the database needs to do the work.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Dialect, Insert, Select, Table, insert
from sqlalchemy.exc import DBAPIError

Process = Callable[[Any], Any]
_REMEMBERED: Final = 64


class Found(NamedTuple):
    """The rows that a statement found, and what the driver calls the types of their columns."""

    rows: Sequence[Sequence[Any]]
    types: tuple[Any, ...]


def insert_rows(connection: Connection, table: Table, rows: Sequence[Mapping[str, object]]) -> None:
    """Add rows, which all have the columns of the first.

    Raises:
        sqlalchemy.exc.DBAPIError: as `Connection.execute` does.
    """
    statement = _insertion(table, tuple(rows[0]), connection.dialect)
    execute(connection, statement.text, [statement.bound(row) for row in rows], many=True)


def fetch(connection: Connection, query: Select[Any], values: Mapping[str, object]) -> list[dict[str, Any]]:
    """Return the rows of a query, each by its columns; ``values`` are those of the query's parameters.

    Raises:
        sqlalchemy.exc.DBAPIError: as `Connection.execute` does.
    """
    statement = _question(query, connection.dialect)
    return statement.read(execute(connection, statement.text, statement.bound(values)))


def execute(
    connection: Connection,
    text: str,
    values: Any = (),  # noqa: ANN401 - each driver has its own
    *,
    many: bool = False,
) -> Found:
    """Run a statement as it is, once or for many rows.

    Raises:
        sqlalchemy.exc.DBAPIError: as `Connection.execute` does.
    """
    fault = connection.dialect.loaded_dbapi.Error
    try:
        cursor = connection.connection.cursor()
        try:
            (cursor.executemany if many else cursor.execute)(text, values)
            told = cursor.description
            return Found(cursor.fetchall(), tuple([column[1] for column in told])) if told else Found((), ())
        finally:
            cursor.close()
    except fault as error:
        # Without the values, which may be personal.
        raise DBAPIError.instance(text, None, error, fault, dialect=connection.dialect) from error


class _Statement:
    """A statement as one kind of database understands it."""

    def __init__(
        self, statement: Insert | Select[Any], dialect: Dialect, columns: Sequence[str] | None = None
    ) -> None:
        compiled: Any = statement.compile(dialect=dialect, column_keys=columns)
        self.text: str = compiled.string
        self._dialect, self._by_place = dialect, compiled.positional
        self._binds: list[tuple[str, Process | None]] = [
            (name, compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect))
            for name in (compiled.positiontup if compiled.positional else compiled.binds)
        ]
        self._columns = list(statement.selected_columns) if isinstance(statement, Select) else []
        self._reader = lru_cache(_REMEMBERED)(self._readers)

    def bound(self, values: Mapping[str, object]) -> Sequence[Any] | Mapping[str, Any]:
        """Return values as the driver takes them."""
        bound = [process(values[name]) if process else values[name] for name, process in self._binds]
        return (
            bound
            if self._by_place
            else {name: one for (name, _), one in zip(self._binds, bound, strict=True)}
        )

    def read(self, found: Found) -> list[dict[str, Any]]:
        """Return the rows that were found, each by its columns."""
        readers = self._reader(found.types) if found.rows else ()
        return [
            {name: read(value) if read else value for (name, read), value in zip(readers, row, strict=True)}
            for row in found.rows
        ]

    def _readers(self, types: tuple[Any, ...]) -> tuple[tuple[str, Process | None], ...]:
        return tuple(
            (str(column.key), column.type.dialect_impl(self._dialect).result_processor(self._dialect, kind))
            for column, kind in zip(self._columns, types, strict=True)
        )


@lru_cache(_REMEMBERED)
def _insertion(table: Table, columns: tuple[str, ...], dialect: Dialect) -> _Statement:
    return _Statement(insert(table), dialect, columns)


@lru_cache(_REMEMBERED)
def _question(query: Select[Any], dialect: Dialect) -> _Statement:
    return _Statement(query, dialect)
