"""The words of the house rules that a table and a single lead's rows are both held to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class HouseLaw:
    """A rule of the house and what to do about a breach; both speak of a ``{field}``."""

    rule: str
    law: str
    next_step: str

    def words(self, field: str) -> tuple[str, str]:
        """Return the law and the next step, said of a field."""
        return self.law.format(field=field), self.next_step.format(field=field)


REQUIRED: Final = HouseLaw("required", "{field} is filled in", "fill in {field} at its source")
POSSIBLE: Final = HouseLaw(
    "possible",
    "{field} lies between 1990 and 2100",
    "correct {field} at its source, a default like 1970 or 9999 stands for nothing",
)
AFTER_ITS_LEAD: Final = HouseLaw(
    "after_its_lead",
    "{field} is not before its lead was created",
    "look whether {field} or the lead's created_at was back-filled",
)
COPY: Final = HouseLaw(
    "copy",
    "no row is there twice; the first of identical rows is kept",
    "remove the copies at the source",
)
UNIQUE: Final = HouseLaw(
    "unique",
    "{field} belongs to one row",
    "find out which of the rows is true and remove the others",
)
