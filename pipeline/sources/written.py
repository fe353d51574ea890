"""Values of typed columns, written as text the way ``data_checks.reading.as_text`` writes them."""

from __future__ import annotations

from typing import Final

from pipeline.sources.clock import Clock
from pipeline.sources.steps import Steps

_INTEGERS: Final = frozenset(
    sign + size for sign in ("", "U") for size in ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT")
)
_FLOATS: Final = frozenset(("DOUBLE", "FLOAT"))
_FINE: Final = "TIMESTAMP_NS"
_LOCAL_TIMES: Final = frozenset(("TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", _FINE, "DATE"))
_INSTANT: Final = "TIMESTAMP WITH TIME ZONE"
_NESTED: Final = ("STRUCT", "MAP", "UNION")


def is_number(kind: str) -> bool:
    """Tell whether a DuckDB type is one of numbers."""
    return kind in _INTEGERS or kind in _FLOATS or kind.startswith("DECIMAL")


def is_time(kind: str) -> bool:
    """Tell whether a DuckDB type is one of dates or of times."""
    return kind in _LOCAL_TIMES or kind == _INSTANT


def instant(value: str, kind: str, clock: Clock, steps: Steps) -> str:
    """Return the SQL of the moment (TIMESTAMPTZ) that a value of a type of times is."""
    if kind == _INSTANT:
        return value
    # A cast rounds nanoseconds up into moments that had not come yet.
    local = f"make_timestamp(epoch_ns({value}) // 1000)" if kind == _FINE else f"CAST({value} AS TIMESTAMP)"
    return clock.day(local, steps) if kind == "DATE" else clock.moment(local, steps)


def written(value: str, kind: str, clock: Clock, steps: Steps) -> str:
    """Return the SQL of the text of a value of a DuckDB type; an empty text is NULL."""
    if kind == "VARCHAR":
        return steps.let(f"nullif({value}, '')")
    if kind in _FLOATS:
        return steps.let(_shortest(value))
    if kind.startswith("DECIMAL") and not kind.endswith(",0)"):
        return steps.let(f"rtrim(rtrim(CAST({value} AS VARCHAR), '0'), '.')")
    if is_time(kind) and kind != "DATE":
        return steps.let(_iso(instant(value, kind, clock, steps)))
    if kind.startswith(_NESTED) or kind.endswith("]"):
        return steps.let(f"CAST(to_json({value}) AS VARCHAR)")
    return steps.let(f"CAST({value} AS VARCHAR)")


def _shortest(value: str) -> str:
    whole = f"isfinite({value}) AND trunc({value}) = {value} AND abs({value}) < 1e16"
    return (
        f"CASE WHEN isnan({value}) THEN NULL WHEN {whole} THEN CAST(CAST({value} AS BIGINT) AS VARCHAR) "
        f"ELSE CAST({value} AS VARCHAR) END"
    )


def _iso(moment: str) -> str:
    whole, split = (f"strftime({moment}, '%Y-%m-%dT%H:%M:%S{end}')" for end in ("Z", ".%fZ"))
    return f"CASE WHEN date_part('microsecond', {moment}) % 1000000 = 0 THEN {whole} ELSE {split} END"
