"""Parts of tables, read by DuckDB from files that are open."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pandas as pd

from pipeline.sources.cells import Reader
from pipeline.sources.clock import Clock
from pipeline.sources.custom_columns import custom_columns
from pipeline.sources.errors import SourceError, listed
from pipeline.sources.frames import history_frame, refused_frame, unread_frame
from pipeline.sources.joins import Side
from pipeline.sources.malformed import malformed_rows, readable
from pipeline.sources.mapping import SourceMapping, TableRule
from pipeline.sources.plan import Part
from pipeline.sources.refusals import stacked_refusals
from pipeline.sources.remarks import rows_left_out, unused_columns
from pipeline.sources.rows import Rows, RowSource, choose_rows
from pipeline.sources.source_file import SourceFile
from pipeline.sources.table_query import TableQuery, column_rules, outcome_query, table_query

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True)
class PartReading:
    """What one file gave to one table, in the forms of `Reading`."""

    table: str
    frame: pd.DataFrame
    refused: pd.DataFrame
    unread: pd.DataFrame
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class SourceReader:
    """Reads parts of tables; ``files`` are the open files by name."""

    database: duckdb.DuckDBPyConnection
    mapping: SourceMapping
    files: Mapping[str, SourceFile]
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def read(self, part: Part) -> Iterator[PartReading]:
        """Read what a file has for a table, and for leads the stage changes that its outcomes tell.

        Raises:
            SourceError: when the file cannot be read.
            MappingError: when the mapping names a column that is not there.
        """
        source = self._source(part.rule)
        reader = self._reader(source, part)
        for side in source.sides:
            self._check_single(side, self._reader(source, part))
        rules = column_rules(part.table, part.rule, reader)
        if part.table == "leads":
            rules = {**rules, **custom_columns(part.rule, tuple(source.main.columns), reader.columns)}
        rows = self._rows(source, part)
        read = self._run(part.table, table_query(part.table, rules, rows), rows)
        malformed = [malformed_rows(self.database, rejects, file) for rejects, file in rows.rejects.items()]
        left_out = rows_left_out(self.database, self._rows(source, part), part)
        yield replace(
            read,
            refused=stacked_refusals([read.refused, *malformed]),
            notes=(*unused_columns(part, rules, source.main), *left_out),
        )
        for number, outcome in enumerate(part.rule.outcome):
            rows = self._rows(source, part)
            yield self._run("stage_changes", outcome_query(rules, outcome, number, rows), rows)

    def _check_single(self, side: Side, reader: Reader) -> None:
        query = side.keys_twice(reader, self._rejects())
        with readable(side.file):
            found = self.database.sql(query, params=reader.steps.values_of(query)).fetchall()
        for key, count in found:
            raise SourceError(
                f"{side.file.name}, joined as {side.join.as_}, has one row for each key",
                f"{count} rows for {listed(key)}",
                "match by more columns, or map the file as a table of its own",
            )

    def _source(self, rule: TableRule) -> RowSource:
        sides = (Side(join, self.files[join.file], number) for number, join in enumerate(rule.join))
        return RowSource(self.files[rule.file], tuple(sides))

    def _reader(self, source: RowSource, part: Part) -> Reader:
        clock = Clock(self.mapping.timezone, self.mapping.clock_change)
        return Reader(source.columns(part.where), clock, self.mapping.missing)

    def _rows(self, source: RowSource, part: Part) -> Rows:
        return choose_rows(source, part.rule, self._reader(source, part), self._rejects())

    def _rejects(self) -> str:
        return f"rejects_{next(self._numbers)}"

    def _run(self, table: str, query: TableQuery, rows: Rows) -> PartReading:
        file = rows.source.main
        with readable(file):
            result = self.database.sql(
                query.sql, params=rows.reader.steps.values_of(query.sql)
            ).to_arrow_table()
        return PartReading(
            table,
            refused=refused_frame(file.name, result, query),
            unread=unread_frame(table, file.name, result),
            frame=history_frame(table, result, query),
        )
