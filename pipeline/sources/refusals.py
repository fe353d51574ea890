"""Refused rows, as `Reading` holds them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pandas as pd

_OWN: Final = {"file": "str", "row": "Int64", "line": "Int64", "reasons": "str", "text": "str"}


def refusals(file: str, own: pd.DataFrame, cells: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return a frame of refused rows.

    ``own`` has what is known of each row (``reasons``, and some of ``row``, ``line`` and ``text``),
    ``cells`` the columns of its file; one that is called like ours gets the remark "(of the file)".
    """
    columns = {name: own.get(name) for name in _OWN}
    frame = pd.DataFrame(columns | {"file": file}, index=own.index).astype(_OWN)
    if cells is None:
        return frame
    others = cells.astype("str").rename(columns={name: f"{name} (of the file)" for name in _OWN})
    return pd.concat([frame, others], axis="columns")


def stacked_refusals(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Put refused rows one below the other; files may have different columns."""
    filled = [frame for frame in frames if len(frame)] or list(frames[:1])
    return pd.concat(filled, ignore_index=True) if filled else refusals("", pd.DataFrame())
