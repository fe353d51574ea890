"""Results of DuckDB as frames of the tables' types."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import pandas as pd

from data_checks.tables import empty_table
from pipeline.sources.refusals import refusals
from pipeline.sources.table_query import BETWEEN, TableQuery

if TYPE_CHECKING:
    import pyarrow as pa

UNREAD_COLUMNS: Final = ("table", "file", "row", "column", "reason")
_HELPERS: Final = ("reasons", "unread", "row_number", "raw")


def history_frame(table: str, result: pa.Table, query: TableQuery) -> pd.DataFrame:
    """Return the rows that are not refused, with all columns of the table and its custom ones."""
    import pyarrow.compute as pc

    refused = result.column("reasons")
    if refused.null_count < len(result):
        result = result.filter(pc.is_null(refused))
    cells = result.drop_columns(list(_HELPERS)).rename_columns(list(query.names))
    return _typed(table, cells.to_pandas(self_destruct=True, split_blocks=True))


def refused_frame(file: str, result: pa.Table, query: TableQuery) -> pd.DataFrame:
    """Return the refused rows, in the form of `Reading.refused`."""
    import pyarrow.compute as pc

    bad = result.filter(pc.is_valid(result.column("reasons")))
    own = pd.DataFrame(
        {
            "row": bad.column("row_number").to_pandas(),
            "reasons": pc.replace_substring(bad.column("reasons"), BETWEEN, "; ").to_pandas(),
        }
    )
    cells = {
        name: pc.list_element(bad.column("raw"), at).to_pandas() for at, name in enumerate(query.raw_names)
    }
    return refusals(file, own, pd.DataFrame(cells, index=own.index))


def unread_frame(table: str, file: str, result: pa.Table) -> pd.DataFrame:
    """Return the optional cells that could not be read, of rows that are in the history."""
    import pyarrow.compute as pc

    is_kept = pc.and_(pc.is_null(result.column("reasons")), pc.is_valid(result.column("unread")))
    rows = result.filter(is_kept).select(["row_number", "unread"]).to_pandas()
    cells = rows.assign(unread=rows["unread"].astype("str").str.split(BETWEEN)).explode("unread")
    parts = cells["unread"].astype("str").str.split(": ", n=1)
    row = cells["row_number"].astype("Int64")
    frame = pd.DataFrame({"row": row, "column": parts.str[0], "reason": parts.str[1]})
    frame = frame.assign(table=table, file=file)[list(UNREAD_COLUMNS)].reset_index(drop=True)
    return frame.astype(dict.fromkeys(("table", "file", "column", "reason"), "str"))


def stacked(table: str, frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Put the parts of a table one below the other; a custom column that a part lacks is missing there."""
    if not frames:
        return empty_table(table)
    return frames[0] if len(frames) == 1 else _typed(table, pd.concat(frames, ignore_index=True))


def _typed(table: str, frame: pd.DataFrame) -> pd.DataFrame:
    wanted = dict.fromkeys(frame.columns, pd.Series(dtype="str").dtype) | empty_table(table).dtypes.to_dict()
    return frame.astype({name: kind for name, kind in wanted.items() if frame[name].dtype != kind})
