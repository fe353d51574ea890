"""What is worth a note about a part of a table: what its rules leave aside."""

# ruff: noqa: S608  the text of a query is made of generated names alone (see steps.py)

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from pipeline.sources.column_rule import ColumnRule
from pipeline.sources.errors import listed
from pipeline.sources.malformed import readable
from pipeline.sources.plan import Part
from pipeline.sources.rows import Rows
from pipeline.sources.source_file import SourceFile

if TYPE_CHECKING:
    import duckdb


def unused_columns(part: Part, rules: Mapping[str, ColumnRule], file: SourceFile) -> Iterator[str]:
    """Yield a note on the columns of the main file that nothing is made from."""
    used = {name for rule in (*rules.values(), *part.rule.rules.values()) for name in rule.sources}
    used |= {name for outcome in part.rule.outcome for name in outcome.sources}
    used |= {part.rule.one_row_per or "", *(test.column for test in part.rule.where)}
    unused = [name for name in file.columns if name not in used]
    if unused:
        yield f"{part.table}: not read from {file.name}: {listed(unused)}"
    nameless = file.names.count("")
    if nameless:
        yield f"{part.table}: not read from {file.name}: {nameless} columns without a name"


def rows_left_out(database: duckdb.DuckDBPyConnection, rows: Rows, part: Part) -> Iterator[str]:
    """Yield a note on the rows that the rules for rows leave out, and on joined rows that belong to none."""
    if part.rule.where:
        counts = f"SELECT count(*) FILTER (WHERE kept IS false), count(*) FROM ({rows.judged})"
        left_out, total = _numbers(database, rows, counts)
        yield f"{part.table}: {left_out:,} of {total:,} rows of {part.rule.file} are left out by where"
    for side, query in zip(rows.source.sides, rows.alone, strict=True):
        [alone] = _numbers(database, rows, f"SELECT count(*) FROM ({query})")
        if alone:
            yield f"{part.table}: {alone:,} rows of {side.file.name} match no row of {part.rule.file}"


def _numbers(database: duckdb.DuckDBPyConnection, rows: Rows, query: str) -> tuple[int, ...]:
    with readable(rows.source.main):
        return tuple(database.sql(query, params=rows.reader.steps.values_of(query)).fetchall()[0])
