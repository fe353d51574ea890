"""The file of the pages: read-only, asked by SQL, exchanged for a newer one between two questions."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from data_checks.agreement import Agreement
from data_checks.errors import BatonError

if TYPE_CHECKING:
    import duckdb

LOG: Final = logging.getLogger("baton.figures")
FORMAT: Final = "2"
TRY_AGAIN_AFTER: Final = 5.0
"""Seconds after which a file that could not be read is tried again though it has not changed."""

_PART: Final = 4_096

Row = Mapping[str, Any]
Found = TypeVar("Found")
Parameters = Sequence[object] | Mapping[str, object]


class NoFiguresError(BatonError):
    """There is no file for the pages, or none that can be read."""


@dataclass(frozen=True)
class Figures:
    """One file, open. Every question is asked through a cursor of its own, so threads may ask at once."""

    connection: duckdb.DuckDBPyConnection
    facts: Mapping[str, str] = field(default_factory=dict)
    _kept: dict[str, Any] = field(default_factory=dict)

    def rows(self, sql: str, parameters: Parameters = ()) -> list[Row]:
        """Return what a query finds, each row by column name; moments, asked and found, are in UTC."""
        return list(self.each_row(sql, parameters))

    def each_row(self, sql: str, parameters: Parameters = ()) -> Iterator[Row]:
        """Yield the same row by row, for more rows than ought to be in memory at once."""
        with self._found(sql, parameters) as found:
            names = [column[0] for column in found.description or ()]
            while part := found.fetchmany(_PART):
                yield from (dict(zip(names, map(_in_utc, row), strict=True)) for row in part)

    def arrays(self, sql: str, parameters: Mapping[str, object]) -> Mapping[str, NDArray[Any]]:
        """Return what a query finds by column, for thousands of rows that are only added up; none is null."""
        with self._found(sql, parameters) as found:
            return {name: np.asarray(column) for name, column in found.fetchnumpy().items()}

    @contextmanager
    def _found(self, sql: str, parameters: Parameters) -> Iterator[duckdb.DuckDBPyConnection]:
        cursor = self.connection.cursor()
        try:
            # A cursor begins in the empty database that the file is attached to.
            cursor.execute("use pages")
            yield cursor.execute(sql, _without_zones(parameters) or None)
        finally:
            cursor.close()

    def row(self, sql: str, parameters: Parameters = ()) -> Row:
        """Return the one row that a query finds."""
        return self.rows(sql, parameters)[0]

    def kept(self, name: str, work: Callable[[Figures], Found]) -> Found:
        """Return what ``work`` finds, found once: it depends on the file alone and is asked for often."""
        if name not in self._kept:
            self._kept[name] = work(self)
        return cast("Found", self._kept[name])

    def fact(self, name: str) -> Any:  # noqa: ANN401 - each stage that wrote one knows its shape
        """Return what a stage found, as it wrote it; None if it wrote nothing."""
        return json.loads(self.facts[name]) if name in self.facts else None

    @cached_property
    def now(self) -> datetime:
        """The moment up to which the history goes."""
        return datetime.fromisoformat(self.fact("now"))

    @cached_property
    def agreement(self) -> Agreement:
        """The agreement that the file was made under."""
        return Agreement.model_validate(self.fact("agreement"))


class FiguresWatch:
    """Keeps the newest readable file open; the one before it stays if a newer one cannot be read."""

    def __init__(self, path: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._path, self._clock = path, clock
        self._seen: tuple[int, int, int] | None = None
        self._try_again_at = 0.0
        self.current: Figures | None = None
        self._is_new = False
        self.fault: BatonError | None = _nothing_yet(path)

    def take_new(self) -> Figures | None:
        """Return the current figures, once; None until there are newer ones."""
        if not self._is_new:
            return None
        self._is_new = False
        return self.current

    def close(self) -> None:
        """Close the file; a query under way still gets its answer."""
        import duckdb

        if self.current is not None:
            with suppress(duckdb.Error):
                self.current.connection.close()

    def refresh(self) -> None:
        """Open the file when it has changed; it blocks and never raises."""
        try:
            stat = self._path.stat()
        except OSError:
            self.fault = None if self.current else _nothing_yet(self._path)
            return
        seen = (stat.st_ino, stat.st_mtime_ns, stat.st_size)
        if seen == self._seen and (self.fault is None or self._clock() < self._try_again_at):
            return
        self._seen, self._try_again_at = seen, self._clock() + TRY_AGAIN_AFTER
        try:
            self.current = open_figures(self._path)
        except Exception as error:
            known = error if isinstance(error, BatonError) else _unreadable(self._path, error)
            if str(known) != str(self.fault):
                LOG.error("the pages stay as they are: %s", known)
            self.fault = known
        else:
            self._is_new = True
            LOG.info("the pages show the history up to %s", self.current.now.isoformat())
            self.fault = None


def open_figures(path: Path) -> Figures:
    """Open a file that stage `pages` has made.

    Raises:
        NoFiguresError: Another Baton wrote it in another format.
    """
    import duckdb

    # The file is attached to a database of its own: opening it by its name would give the older file of that
    # name for as long as somebody reads it.
    connection = duckdb.connect(":memory:")
    connection.execute(f"attach '{str(path).replace(chr(39), chr(39) * 2)}' as pages (read_only)")
    connection.execute("set global threads = 2")
    connection.execute("set global enable_external_access = false")
    connection.execute("set global lock_configuration = true")
    facts = dict(connection.cursor().execute("select name, value::varchar from pages.facts").fetchall())
    if facts.get("format") != json.dumps(FORMAT):
        raise NoFiguresError(
            f"the file of the pages has format {FORMAT}", str(facts.get("format")), "run `dvc repro`"
        )
    return Figures(connection, facts)


def _without_zones(parameters: Parameters) -> Parameters:
    """Return the parameters as the file has them: its moments are those of UTC, and do not say so."""
    if isinstance(parameters, Mapping):
        return {name: _bare(value) for name, value in parameters.items()}
    return [_bare(value) for value in parameters]


def _bare(value: object) -> object:
    if isinstance(value, list):
        return [_bare(one) for one in value]
    return value.astimezone(UTC).replace(tzinfo=None) if isinstance(value, datetime) else value


def _in_utc(value: object) -> object:
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) else value


def _nothing_yet(path: Path) -> NoFiguresError:
    return NoFiguresError(
        "the pages show what `dvc repro` found",
        f"no {path}",
        "run `dvc repro`, or set BATON_PAGES to its file",
    )


def _unreadable(path: Path, error: Exception) -> NoFiguresError:
    kind = type(error).__name__
    return NoFiguresError("the file of the pages can be read", f"{path}: {kind}", "run `dvc repro`")
