"""Tables of the sample CRM as files: ids for positions, moments for milliseconds, missing for ""."""

from __future__ import annotations

from pathlib import Path
from typing import Final, Literal

import pandas as pd

from data_checks.tables import SHAPES
from pipeline.sample_crm.arrays import Texts
from pipeline.sample_crm.clock import NEVER

FileFormat = Literal["parquet", "csv"]

_CSV_TIME: Final = "%Y-%m-%dT%H:%M:%S.%fZ"


def with_ids(frame: pd.DataFrame, ids: Texts) -> pd.DataFrame:
    """Return the frame with ``lead_id`` in the place of the position ``lead``."""
    named = frame.rename(columns={"lead": "lead_id"})
    return named.assign(lead_id=ids[frame["lead"].to_numpy()])


def write_table(frame: pd.DataFrame, name: str, folder: Path, file_format: FileFormat) -> None:
    """Write one table into ``folder``, its columns in the order of its shape, further columns behind."""
    dressed = _dressed(frame, name)
    if file_format == "csv":
        dressed.to_csv(folder / f"{name}.csv", index=False, date_format=_CSV_TIME)
    else:
        dressed.to_parquet(folder / f"{name}.parquet", index=False)


def _dressed(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    shape = SHAPES[name].columns
    order = [
        *(column for column in shape if column in frame),
        *(column for column in frame if column not in shape),
    ]
    return pd.DataFrame({column: _column(frame[column], shape.get(str(column), "text")) for column in order})


def _column(column: pd.Series, kind: str) -> pd.Series:
    if kind == "time":
        microseconds = pd.Series(column.to_numpy(dtype="int64") * 1000)
        moments = microseconds.astype("datetime64[us]").dt.tz_localize("UTC")
        return moments.mask((column == NEVER).to_numpy())
    if kind == "text":
        texts = column.astype("str").reset_index(drop=True)
        return texts.mask(texts == "")
    return column.reset_index(drop=True)
