"""Cutting the checked tables into parts of whole leads, each a range of lead ids."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pipeline.parts.tables import USED, present_tables

if TYPE_CHECKING:
    import duckdb

ROWS_A_PART: Final = 1_000_000
"""Rows of leads and activities that one part is to have: what a worker holds in a few hundred megabytes."""

SAMPLED: Final = 50_000
"""Lead ids, of leads and of activities each, from which the ends of the parts are found."""

_SAMPLE: Final = f"""
    SELECT lead_id FROM read_parquet($1) WHERE lead_id IS NOT NULL
    USING SAMPLE reservoir({SAMPLED} ROWS) REPEATABLE (7)
"""  # noqa: S608 - a number of this file


def parts_for(folder: Path, asked: int | None) -> int:
    """Return into how many parts tables should be cut: as many as asked for, else by their size."""
    import pyarrow.parquet as pq

    if asked is not None:
        return asked
    rows: int = sum(pq.read_metadata(folder / f"{name}.parquet").num_rows for name in present_tables(folder))
    return max(1, math.ceil(rows / ROWS_A_PART))


def cut_points(sample: Sequence[str], parts: int) -> tuple[str, ...]:
    """Return the first lead ids of the second and all later parts, so that the sample is cut evenly.

    >>> cut_points(["d", "a", "c", "b", "a"], 2)
    ('b',)
    """
    ordered = sorted(sample)
    points = {ordered[part * len(ordered) // parts] for part in range(1, parts)} if ordered else set()
    return tuple(sorted(points - set(ordered[:1])))


def cut_locally(source: Path, folder: Path, lead_columns: Sequence[str], parts: int, workers: int) -> int:
    """Cut the tables with DuckDB, which spills to disk; return the number of parts.

    A part is a range of lead ids and not a hash of them: one part after the other, the leads are in
    order whatever their number, so that training rows do not depend on it.
    """
    spill = folder.with_name(f"{folder.name}.spill")
    with _database(spill, workers) as database:
        points = cut_points(_sampled_ids(database, source), parts)
        for table in present_tables(source):
            columns = lead_columns if table == "leads" else USED[table]
            _cut_table(database, source / f"{table}.parquet", folder / table, columns, points)
    return len(points) + 1


def _database(spill: Path, workers: int) -> duckdb.DuckDBPyConnection:
    import duckdb

    return duckdb.connect(
        config={
            "memory_limit": os.environ.get("BATON_DUCKDB_MEMORY", "1GB"),
            "temp_directory": str(spill),
            "threads": workers,
            "preserve_insertion_order": False,
        }
    )


def _sampled_ids(database: duckdb.DuckDBPyConnection, source: Path) -> list[str]:
    ids: list[str] = []
    for table in ("leads", "activities"):
        if table in present_tables(source):
            path = str(source / f"{table}.parquet")
            ids += [lead_id for (lead_id,) in database.execute(_SAMPLE, [path]).fetchall()]
    return ids


def _cut_table(
    database: duckdb.DuckDBPyConnection,
    source: Path,
    folder: Path,
    columns: Sequence[str],
    points: Sequence[str],
) -> None:
    import duckdb

    rows = database.read_parquet(str(source)).filter("lead_id IS NOT NULL")
    named = [duckdb.ColumnExpression(name) for name in columns]
    cut = rows.project(*named, _part(points).alias("part"))
    folder.mkdir(parents=True)
    cut.write_parquet(str(folder), partition_by=["part"], write_partition_columns=False, compression="zstd")


def _part(points: Sequence[str], first: int = 0) -> duckdb.Expression:
    """Return the number of the part that a lead id belongs to, found by halving."""
    import duckdb

    if not points:
        return duckdb.ConstantExpression(first)
    middle = len(points) // 2
    below = duckdb.ColumnExpression("lead_id") < duckdb.ConstantExpression(points[middle])
    lower = _part(points[:middle], first)
    return duckdb.CaseExpression(below, lower).otherwise(_part(points[middle + 1 :], first + middle + 1))
