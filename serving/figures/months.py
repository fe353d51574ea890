"""Calendar months, in UTC as everything that is recorded."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

_WRITTEN: Final = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


@dataclass(frozen=True, order=True)
class Month:
    """A month of a year."""

    year: int
    number: int

    @classmethod
    def of(cls, moment: datetime) -> Month:
        """Return the month of a moment."""
        return cls(moment.year, moment.month)

    @classmethod
    def parse(cls, text: str) -> Month | None:
        """Return the month that is written so, or None.

        >>> Month.parse("2026-10"), Month.parse("October")
        (Month(year=2026, number=10), None)
        """
        found = _WRITTEN.fullmatch(text)
        return cls(int(found[1]), int(found[2])) if found and 1990 <= int(found[1]) <= 2100 else None

    @property
    def begins(self) -> datetime:
        """Its first moment."""
        return datetime(self.year, self.number, 1, tzinfo=UTC)

    @property
    def ends(self) -> datetime:
        """The first moment after it."""
        return self.next.begins

    @property
    def bounds(self) -> Mapping[str, datetime]:
        """Both, as the parameters of a query."""
        return {"begins": self.begins, "ends": self.ends}

    def is_beyond(self, now: datetime) -> bool:
        """Tell whether a history that ends at ``now`` says nothing of it."""
        return self.begins >= now

    @property
    def next(self) -> Month:
        """The month after it."""
        return self.plus(1)

    @property
    def before(self) -> Month:
        """The month before it."""
        return self.plus(-1)

    def plus(self, months: int) -> Month:
        """Return the month so many later.

        >>> Month(2026, 11).plus(2)
        Month(year=2027, number=1)
        """
        year, number = divmod(self.year * 12 + self.number - 1 + months, 12)
        return Month(year, number + 1)

    @property
    def name(self) -> str:
        """What people call it.

        >>> Month(2026, 10).name
        'October 2026'
        """
        return f"{self.begins:%B %Y}"

    def __str__(self) -> str:
        return f"{self.year}-{self.number:02}"
