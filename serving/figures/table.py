"""A table of a page: what is shown is what is downloaded."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from serving.figures.rates import Estimate, Rate

Kind = Literal[
    "text",
    "link",
    "moment",
    "day",
    "count",
    "number",
    "change",
    "share",
    "points",
    "moves",
    "score",
    "days",
    "hours",
    "money",
    "times",
]
"""How a column is written: a count, a number with a fraction, a share of 1, percentage points, days, working
hours, money, a factor; ``change`` is a count with its sign, ``moves`` are percentage points without one, and
``score`` is a figure of two digits such as an AUC."""

FORMULAS: Final = ("=", "+", "-", "@", "\t", "\r")
"""A cell of text that begins so would be worked out by a spreadsheet."""


@dataclass(frozen=True)
class Link:
    """Words that lead somewhere, and in a file are words."""

    text: str
    to: str


@dataclass(frozen=True)
class Column:
    """A column: its name in a file, what it is called on the page, how it is written, and what it means.

    Cells are of the kind's type, `Rate` or `Estimate`, or None where nothing is known.
    """

    name: str
    label: str
    kind: Kind = "text"
    meaning: str = ""


@dataclass(frozen=True)
class Table:
    """Rows under columns. ``name`` is that of its file, ``caption`` says what it shows."""

    name: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[object, ...], ...]
    nothing: str = "There is nothing to show."

    def csv(self) -> str:
        """Return the table as RFC 4180 CSV: shares with their counts and intervals, text without formulas."""
        wide = [_widest(row[place] for row in self.rows) for place in range(len(self.columns))]
        return "".join(_parts(self.columns, self.rows, wide))


def csv_parts(columns: Sequence[Column], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Yield the CSV of more rows than ought to be in memory, part by part; no cell is a share."""
    return _parts(columns, rows, [_PLAIN] * len(columns))


def _parts(
    columns: Sequence[Column], rows: Iterable[Sequence[object]], wide: Sequence[tuple[str, ...]]
) -> Iterator[str]:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(f"{one.name}{part}" for one, parts in zip(columns, wide, strict=True) for part in parts)
    for row in rows:
        writer.writerow(cell for one, parts in zip(row, wide, strict=True) for cell in _cells(one, parts))
        if out.tell() > _LONG:
            yield out.getvalue()
            out.seek(0)
            out.truncate()
    yield out.getvalue()


_LONG: Final = 65_536
_PLAIN: Final = ("",)
_RATE: Final = ("", "_low", "_high", "_won", "_of")
_ESTIMATE: Final = ("", "_low", "_high", "_of")


def _widest(cells: Iterator[object]) -> tuple[str, ...]:
    kinds = {type(cell) for cell in cells}
    return _RATE if Rate in kinds else _ESTIMATE if Estimate in kinds else _PLAIN


def _cells(cell: object, parts: Sequence[str]) -> list[object]:
    if isinstance(cell, Rate):
        low, high = cell.interval
        return [cell.share, low, high, cell.won, cell.of]
    if isinstance(cell, Estimate):
        return [cell.value, cell.low, cell.high, cell.of]
    return [_plain(cell), *[None] * (len(parts) - 1)]


def _plain(cell: object) -> object:
    if isinstance(cell, Link):
        return _plain(cell.text)
    if isinstance(cell, datetime):
        return cell.isoformat()
    if isinstance(cell, str) and cell.lstrip().startswith(FORMULAS):
        return f"'{cell}"
    return cell
