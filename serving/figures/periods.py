"""The period whose leads are looked at: the last months, or the whole history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from serving.figures.months import Month

CHOICES: Final = ("3", "6", "12", "all")
USUAL: Final = "12"
DAYS_A_MONTH: Final = 365.25 / 12


@dataclass(frozen=True)
class Period:
    """Leads created since ``begins``, None from the first on, until ``ends``."""

    choice: str
    begins: datetime | None
    ends: datetime

    @classmethod
    def chosen(cls, choice: str, now: datetime) -> Period:
        """Return the period that an address asks for; one that there is not is the last 12 months.

        >>> from datetime import UTC
        >>> Period.chosen("3", datetime(2026, 5, 31, 12, tzinfo=UTC)).begins
        datetime.datetime(2026, 2, 28, 0, 0, tzinfo=datetime.timezone.utc)
        """
        choice = choice if choice in CHOICES else USUAL
        if choice == "all":
            return cls(choice, None, now)
        month = Month.of(now).plus(-int(choice))
        day = min(now.day, (month.ends - month.begins).days)
        return cls(choice, month.begins.replace(day=day), now)

    @property
    def name(self) -> str:
        """What people call it."""
        return period_name(self.choice)

    def months_since(self, first: datetime | None) -> float:
        """Return how many months of 30.4 days long it is in a history whose first lead came then."""
        begins = max((at for at in (self.begins, first) if at is not None), default=self.ends)
        return max((self.ends - begins).total_seconds() / 86_400 / DAYS_A_MONTH, 1 / DAYS_A_MONTH)


def period_name(choice: str) -> str:
    """Return what people call a period.

    >>> period_name("6"), period_name("all")
    ('the last 6 months', 'the whole history')
    """
    return "the whole history" if choice == "all" else f"the last {choice} months"
