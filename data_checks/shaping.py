"""Frames brought into the shape that the house reads, or refused."""

from __future__ import annotations

import difflib
from dataclasses import replace
from typing import Any

import pandas as pd

from data_checks.errors import BatonError
from data_checks.tables import SHAPES, CrmHistory, empty_table


class MissingColumn(BatonError):  # noqa: N818  it names what is the matter
    """A table lacks a column without which its rows say nothing."""


def shaped(history: CrmHistory) -> CrmHistory:
    """Return the history with every column of its shapes, the added ones empty, rows numbered from 0.

    Raises:
        MissingColumn: when a table lacks a required column.
    """
    frames: dict[str, Any] = {name: _shaped(name, frame) for name, frame in history}
    return replace(history, **frames)


def nearest(name: str, names: list[str]) -> str | None:
    """Return the one of ``names`` that ``name`` was probably meant to be, case and separators aside."""
    plain = {"".join(filter(str.isalnum, other.casefold())): other for other in names}
    close = difflib.get_close_matches("".join(filter(str.isalnum, name.casefold())), plain, n=1, cutoff=0.75)
    return plain[close[0]] if close else None


def _shaped(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    for column in SHAPES[name].required:
        if column not in frame:
            raise _missing(name, column, [str(other) for other in frame.columns])
    absent = [column for column in SHAPES[name].columns if column not in frame]
    shaped = frame.reset_index(drop=True)
    if absent:
        empty = empty_table(name)[absent].reindex(shaped.index)
        shaped = pd.concat([shaped, empty], axis=1)
    return shaped


def _missing(table: str, column: str, columns: list[str]) -> MissingColumn:
    meant = nearest(column, columns)
    next_step = f"rename {meant!r} to {column!r}" if meant else f"export {column!r} too"
    return MissingColumn(
        f"{table} has a column {column!r}", ", ".join(columns) or "no columns", f"{next_step}, or map it"
    )
