"""The features by DuckDB's SQL: counted for each snapshot and type, then laid out a row for each snapshot."""

from __future__ import annotations

from functools import partial
from typing import Final

import duckdb
import numpy as np
import pyarrow as pa

from benchmarks.windowed.task import (
    ANY,
    COLUMNS,
    COUNTS,
    DAY,
    KINDS,
    SPANS,
    TYPES,
    WINDOWS,
    HandOver,
    Tables,
    Values,
    count,
    days_since,
)

_COUNTED: Final = """
    SELECT snapshot, activity_type, {counts}, count(*)::INTEGER AS n, min(age) AS age
    FROM (
        SELECT snapshot, activity_type, epoch_us(as_of) - epoch_us(occurred_at) AS age
        FROM read_parquet('{activities}') JOIN read_parquet('{snapshots}') USING (lead)
        WHERE occurred_at <= as_of
    )
    GROUP BY snapshot, activity_type
"""

_LAID_OUT: Final = """
    SELECT seen.snapshot, known.* EXCLUDE (snapshot)
    FROM read_parquet('{snapshots}') seen
    LEFT JOIN (SELECT snapshot, {columns} FROM ({counted}) GROUP BY snapshot) known USING (snapshot)
"""

MEMORY: Final = "8GB"
"""Beyond that it goes on on disk."""


def two_groupings(tables: Tables, hand_over: HandOver) -> None:
    """Group by snapshot and type, then by snapshot: a filter for each of 42 columns at once is slower."""
    files = {"activities": tables.activities, "snapshots": tables.snapshots}
    windows = ", ".join(f"count(*) FILTER (age < {days * DAY})::INTEGER AS n_{days}d" for days in WINDOWS)
    counted = _COUNTED.format(counts=windows, **files)
    columns = [
        column
        for kind, label in zip(KINDS, TYPES, strict=True)
        for column in _columns(kind, "max", f"FILTER (activity_type = '{label}')")
    ]
    columns += _columns(ANY, "sum", "")
    with duckdb.connect(config={"memory_limit": MEMORY}) as database:
        query = _LAID_OUT.format(columns=", ".join(columns), counted=counted, **files)
        for batch in database.sql(query).to_arrow_reader(1 << 16):
            hand_over(partial(_values, batch))


def _columns(kind: str, add: str, only: str) -> list[str]:
    # Of one type there is one row a snapshot, and DuckDB keeps a maximum in less memory than a sum.
    counts = [f"coalesce({add}(n{span}) {only}, 0)::INTEGER AS {count(kind, span)}" for span in SPANS]
    return [*counts, f"min(age) {only} / {DAY} AS {days_since(kind)}"]


def _values(batch: pa.RecordBatch) -> Values:
    known = {name: batch[name].fill_null(0) if name in COUNTS else batch[name] for name in COLUMNS}
    columns = [column.to_numpy(zero_copy_only=False).astype(np.float64) for column in known.values()]
    return batch["snapshot"].to_numpy().astype(np.int64), np.stack(columns, axis=1)
