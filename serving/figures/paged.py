"""A table of which a page shows a part, and the file has all rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

from typing_extensions import override

from serving.figures.table import Table

Rows = tuple[tuple[object, ...], ...]


@dataclass(frozen=True)
class PagedTable(Table):
    """``rows`` are those of the page; ``whole`` gives all, and is asked when the file is wanted."""

    whole: Callable[[], Rows] = tuple

    @override
    def csv(self) -> str:
        """Return all rows as CSV."""
        return Table(self.name, self.caption, self.columns, self.whole()).csv()


@dataclass(frozen=True)
class Pages:
    """Which page of how many rows is looked at; pages are counted from 1."""

    rows: int
    size: int
    asked: str = ""

    @property
    def last(self) -> int:
        """The number of the last page."""
        return max(1, ceil(self.rows / self.size))

    @property
    def here(self) -> int:
        """The page that is shown: the one that was asked for, or the nearest that there is.

        >>> Pages(120, 50, "2").here, Pages(120, 50, "99").here, Pages(120, 50, "x").here
        (2, 3, 1)
        """
        asked = (
            int(self.asked) if self.asked.isascii() and self.asked.isdigit() and len(self.asked) < 9 else 1
        )
        return min(max(asked, 1), self.last)

    @property
    def skipped(self) -> int:
        """How many rows come before the page."""
        return (self.here - 1) * self.size

    @property
    def first_row(self) -> int:
        """The number of its first row."""
        return min(self.skipped + 1, self.rows)

    @property
    def last_row(self) -> int:
        """The number of its last row."""
        return min(self.skipped + self.size, self.rows)
