"""One file of a source, opened as far as its columns."""

# ruff: noqa: S608  the text of a query is made of generated names alone (see steps.py)

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.sources.errors import SourceError
from pipeline.sources.header import check_names, read_header
from pipeline.sources.steps import Steps

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True)
class SourceFile:
    """A file with the names and DuckDB types of its columns; ``separator`` is None for Parquet.

    In queries its columns are called ``c0``, ``c1`` ...; ``path`` is what is read, ``name`` what the
    person called it.
    """

    name: str
    path: Path
    names: tuple[str, ...]
    types: tuple[str, ...]
    separator: str | None = None

    @property
    def columns(self) -> Mapping[str, int]:
        """The position of each column that has a name."""
        return {name: position for position, name in enumerate(self.names) if name}

    def scan(self, steps: Steps, rejects: str) -> str:
        """Return the query that reads the file; malformed rows go to the table ``rejects``."""
        path = steps.bind(str(self.path))
        aliases = ", ".join(f"c{position}" for position in range(len(self.names)))
        if self.separator is None:
            return f"SELECT * FROM read_parquet({path}) AS t({aliases})"
        columns = ", ".join(f"'c{position}': 'VARCHAR'" for position in range(len(self.names)))
        return (
            f"SELECT * FROM read_csv({path}, columns = {{{columns}}}, auto_detect = false, header = true, "
            f"delim = {steps.bind(self.separator)}, quote = '\"', escape = '\"', "
            f"store_rejects = true, rejects_table = '{rejects}', rejects_scan = '{rejects}_scan')"
        )


def open_text(path: Path, name: str, separator: str | None) -> SourceFile:
    """Open a text file in UTF-8.

    Raises:
        SourceError: when its first row is not a header.
    """
    header = read_header(path, name, separator)
    return SourceFile(name, path, header.names, ("VARCHAR",) * len(header.names), header.separator)


def open_parquet(database: duckdb.DuckDBPyConnection, path: Path, name: str) -> SourceFile:
    """Open a Parquet file.

    Raises:
        SourceError: when it is none, or two of its columns have one name.
    """
    import duckdb
    import pyarrow as pa
    from pyarrow import parquet

    try:
        # DuckDB renames columns that differ by case alone; the file knows their true names.
        names = tuple(str(column).strip() for column in parquet.read_schema(path).names)
        described = database.sql("SELECT * FROM read_parquet($path)", params={"path": str(path)})
    except (pa.ArrowException, duckdb.Error) as error:
        raise SourceError(
            f"{name} is a Parquet file", str(error).splitlines()[0], "write it again"
        ) from error
    check_names(names, name)
    return SourceFile(name, path, names, tuple(str(kind) for kind in described.types))
