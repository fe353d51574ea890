"""Tables of a CRM's history from a few plain rows, typed as the sources type them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from data_checks.tables import SHAPES, TIME_DTYPE

Row = Mapping[str, object]
_DTYPES = {"text": "str", "number": "float64", "time": TIME_DTYPE, "boolean": "boolean"}


def table(name: str, rows: Iterable[Row], custom: Iterable[str] = ()) -> pd.DataFrame:
    """Return the rows as the table ``name``; times are given in microseconds since 1970 UTC."""
    listed = list(rows)
    kinds = {**SHAPES[name].columns, **dict.fromkeys(custom, "text")}
    return pd.DataFrame(
        {
            column: pd.Series([_cell(row.get(column), kind) for row in listed], dtype=_DTYPES[kind])
            for column, kind in kinds.items()
        }
    )


def _cell(value: object, kind: str) -> object:
    if kind == "time":
        return pd.NaT if value is None else pd.Timestamp(value, unit="us", tz="UTC")  # type: ignore[call-overload]
    return value
