"""The features by polars, on its streaming engine, in the three ways that were the fastest of many tried."""

from __future__ import annotations

from functools import partial
from typing import Final

import polars as pl

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

LENGTHS: Final = dict(zip(SPANS, (*(days * DAY for days in WINDOWS), None), strict=True))
PACKED_BITS: Final = 12
"""Of each count in a packed integer: there may be no more than 4,095 activities in a band."""


def conditional_sums(tables: Tables, hand_over: HandOver) -> None:
    """Join activities with snapshots, and sum a condition for each count: what most would write."""
    kind, age = pl.col("kind"), pl.col("age")
    sums = [
        (kind == code if length is None else (kind == code) & (age < length)).sum().alias(count(name, span))
        for code, name in enumerate(KINDS)
        for span, length in LENGTHS.items()
    ]
    known = _pairs(tables).group_by("snapshot").agg(*sums, *_ages())
    _collect(tables, known, hand_over)


def packed_bands(tables: Tables, hand_over: HandOver) -> None:
    """Sum one integer for each type, which holds the counts of all bands between two windows side by side.

    There are six sums in place of thirty. It is the fastest for one snapshot, and right only while no count
    outgrows its bits.
    """
    age = pl.col("age")
    one = [pl.lit(1 << PACKED_BITS * band, pl.Int64) for band in range(len(SPANS))]
    bit = one[-1]
    for band in reversed(range(len(WINDOWS))):
        bit = pl.when(age < WINDOWS[band] * DAY).then(one[band]).otherwise(bit)
    sums = [pl.when(pl.col("kind") == code).then("bit").sum().alias(name) for code, name in enumerate(KINDS)]
    known = _pairs(tables).with_columns(bit=bit).group_by("snapshot").agg(*sums, *_ages())
    counts = [
        pl.sum_horizontal(_band(name, band) for band in range(last + 1)).alias(count(name, span))
        for name in KINDS
        for last, span in enumerate(SPANS)
    ]
    _collect(tables, known.with_columns(counts), hand_over)


def as_of_joins(tables: Tables, hand_over: HandOver) -> None:
    """Look up running counts at the snapshot and at the start of each window, by as-of joins."""
    kind = pl.col("kind")
    events = pl.scan_parquet(tables.activities).rename({"occurred_at": "at"})
    running = events.with_columns(kind=_codes()).with_columns(
        *(
            (kind == code).cast(pl.UInt32).cum_sum().over("lead").alias(name)
            for code, name in enumerate(KINDS)
        ),
        *(
            pl.when(kind == code).then("at").forward_fill().over("lead").alias(f"latest_{name}")
            for code, name in enumerate(KINDS)
        ),
    )
    known = running.drop("kind", "activity_type").collect(engine="streaming").lazy().set_sorted("at")
    join = partial(pl.LazyFrame.join_asof, right_on="at", by="lead", check_sortedness=False)
    found = join(pl.scan_parquet(tables.snapshots).sort("as_of"), known, left_on="as_of")
    for days, span in zip(WINDOWS, SPANS, strict=False):
        before = known.select("lead", "at", *(pl.col(name).alias(f"{name}{span}") for name in KINDS))
        found = found.with_columns(start=pl.col("as_of") - pl.duration(days=days)).drop("at", strict=False)
        found = join(found, before, left_on="start")
    counts = [
        (pl.col(name).fill_null(0) - (pl.col(f"{name}{span}").fill_null(0) if span else 0)).alias(
            count(name, span)
        )
        for name in KINDS
        for span in SPANS
    ]
    ages = [
        (pl.col("as_of") - pl.col(f"latest_{name}")).dt.total_microseconds().alias(days_since(name))
        for name in KINDS
    ]
    _collect(tables, found.select("snapshot", *counts, *ages), hand_over)


def _codes() -> pl.Expr:
    return pl.col("activity_type").cast(pl.Enum(TYPES)).to_physical().cast(pl.UInt8)


def _pairs(tables: Tables) -> pl.LazyFrame:
    """Return each snapshot with each activity known by then."""
    joined = pl.scan_parquet(tables.activities).join(pl.scan_parquet(tables.snapshots), on="lead")
    age = (pl.col("as_of") - pl.col("occurred_at")).dt.total_microseconds()
    return joined.filter(pl.col("occurred_at") <= pl.col("as_of")).select("snapshot", kind=_codes(), age=age)


def _ages() -> list[pl.Expr]:
    return [
        pl.when(pl.col("kind") == code).then("age").min().alias(days_since(name))
        for code, name in enumerate(KINDS)
    ]


def _band(name: str, band: int) -> pl.Expr:
    return ((pl.col(name) // (1 << PACKED_BITS * band)) % (1 << PACKED_BITS)).cast(pl.UInt32)


def _collect(tables: Tables, known: pl.LazyFrame, hand_over: HandOver) -> None:
    """Add what is counted of any activity, and hand over a row for each snapshot."""
    days = [(pl.col(days_since(name)) / DAY).alias(days_since(name)) for name in (*KINDS, ANY)]
    whole = known.with_columns(
        *(pl.sum_horizontal(count(name, span) for name in KINDS).alias(count(ANY, span)) for span in SPANS),
        pl.min_horizontal(map(days_since, KINDS)).alias(days_since(ANY)),
    ).with_columns(days)
    every = pl.scan_parquet(tables.snapshots).select("snapshot").join(whole, on="snapshot", how="left")
    rows = every.select("snapshot", *COLUMNS).collect(engine="streaming")
    hand_over(partial(_values, rows))


def _values(rows: pl.DataFrame) -> Values:
    filled = rows.select(*COLUMNS).with_columns(pl.col(COUNTS).fill_null(0))
    return rows["snapshot"].to_numpy(), filled.cast(pl.Float64).to_numpy()
