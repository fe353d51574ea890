"""Tables of a CRM's history from a few plain rows, typed as the sources type them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from data_checks.tables import SHAPES, empty_table

Row = Mapping[str, object]
_DTYPES = {"text": "str", "number": "float64", "boolean": "boolean"}


def table(name: str, rows: Iterable[Row], custom: Iterable[str] = ()) -> pd.DataFrame:
    """Return the rows as the table ``name``; times are given in microseconds since 1970 UTC."""
    listed = list(rows)
    kinds = {**SHAPES[name].columns, **dict.fromkeys(custom, "text")}
    if not listed and not custom:
        return empty_table(name)
    return pd.DataFrame(
        {column: _series([row.get(column) for row in listed], kind) for column, kind in kinds.items()}
    )


def _series(values: list[object], kind: str) -> pd.Series:
    if kind != "time":
        return pd.Series(values, dtype=_DTYPES[kind])
    moments = np.array(["NaT" if value is None else value for value in values], "datetime64[us]")
    return pd.Series(moments).dt.tz_localize("UTC")
