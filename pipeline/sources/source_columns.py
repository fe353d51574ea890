"""The columns that a table's rules can name, of one file and of those joined to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.sources.errors import MappingError, SourceError, hint, listed


@dataclass(frozen=True)
class SourceColumn:
    """A column in a query: its SQL name and DuckDB type."""

    sql: str
    kind: str


@dataclass(frozen=True)
class SourceColumns:
    """The columns by the names that people give them; ``file`` and ``where`` are for messages."""

    file: str
    where: str
    columns: Mapping[str, SourceColumn]

    def __contains__(self, name: str) -> bool:
        return name in self.columns

    def named(self, name: str, key: str) -> SourceColumn:
        """Return the column that the mapping names at ``key``.

        Raises:
            MappingError: when the file has no such column.
        """
        if name not in self.columns:
            raise MappingError(
                f"{self.where}.{key} names a column of {self.file}",
                f"{name!r}{hint(name, self.columns)}",
                f"correct the mapping; the columns found are {listed(self.columns)}",
            )
        return self.columns[name]

    def missing(self, target: str) -> SourceError:
        """Return the error about a required column that neither the file nor the mapping has."""
        table = self.where.removeprefix("tables.").partition("[")[0]
        return SourceError(
            f"{self.file} has the column {target}, which {table} cannot do without",
            f"the columns {listed(self.columns)}{hint(target, self.columns)}",
            f"rename it in the file, or map it: tables: {{{table}: {{columns: {{{target}: ...}}}}}}",
        )
