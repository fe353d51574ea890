"""A second file laid beside the first."""

# ruff: noqa: S608  the text of a query is made of generated names alone (see steps.py)

from __future__ import annotations

from dataclasses import dataclass, replace

from pipeline.sources.cells import Reader
from pipeline.sources.column_rule import ColumnRule
from pipeline.sources.mapping import Join
from pipeline.sources.source_file import SourceFile
from pipeline.sources.white_space import filled


@dataclass(frozen=True)
class Side:
    """A joined file, the one of this ``number``; its columns are ``j0_c0`` ..., its keys ``j0_k0`` ..."""

    join: Join
    file: SourceFile
    number: int

    def scan(self, reader: Reader, rejects: str) -> str:
        """Return the query that reads the file, under the names that ``reader`` knows its columns by.

        Raises:
            MappingError: when a key is not one of them.
        """
        prefix = f"j{self.number}_"
        columns = ", ".join(f"c{at} AS {prefix}c{at}" for at in range(len(self.file.names)))
        renamed = f"SELECT {columns} FROM ({self.file.scan(reader.steps, rejects)})"
        own = replace(reader, steps=reader.steps.sharing_values())
        keys = self._keys([f"{self.join.as_}.{name}" for name in self.join.match.values()], own)
        named = ", ".join(f"{key} AS {prefix}k{at}" for at, key in enumerate(keys))
        names = ", ".join(f"{prefix}c{at}" for at in range(len(self.file.names)))
        return f"SELECT {names}, {named} FROM ({own.steps.over(renamed)})"

    def matches(self, reader: Reader) -> str:
        """Return the SQL that is true for a row of the main file and one of this that belong together.

        Raises:
            MappingError: when a key of the main file is not one of its columns.
        """
        keys = self._keys(list(self.join.match), reader)
        return " AND ".join(f"{key} = j{self.number}_k{at}" for at, key in enumerate(keys))

    def keys_twice(self, reader: Reader, rejects: str) -> str:
        """Return the query for a key that the file has twice, as a list, and how often it has it."""
        keys = [f"j{self.number}_k{at}" for at in range(len(self.join.match))]
        given = " AND ".join(f"{key} IS NOT NULL" for key in keys)
        return (
            f"SELECT [{', '.join(keys)}] AS key, count(*) FROM ({self.scan(reader, rejects)}) "
            f"WHERE {given} GROUP BY key HAVING count(*) > 1 ORDER BY key LIMIT 1"
        )

    def _keys(self, names: list[str], reader: Reader) -> list[str]:
        where = f"join[{self.number}].match"
        return [filled(reader.text(ColumnRule(column=name), where), reader.steps) for name in names]
