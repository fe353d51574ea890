"""The months of the past of which all outcomes are known, or its weeks where there are few months."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Final, Literal

import numpy as np

from features.moments import DAY, SECOND, Moments, to_time

Kind = Literal["month", "week"]

FEWEST_MONTHS: Final = 3
"""With fewer calendar months to replay, weeks are."""


@dataclass(frozen=True)
class Period:
    """A calendar month or a week from Monday on, UTC: ``start`` belongs to it, ``until`` does not.

    ``name`` is the month (``2026-03``) or the week's Monday (``2026-03-02``).
    """

    name: str
    start: int
    until: int


def periods_of(as_of: Moments, now: int, horizon_days: int) -> tuple[Kind, tuple[Period, ...]]:
    """Return the periods that can be replayed, the oldest first, of leads that were looked at ``as_of``.

    A period can be replayed if leads were looked at in it, if an outcome was known when it began, and if all
    its outcomes are known ``now``. So there is none in a history that is shorter than twice the horizon.

    >>> from features.moments import parse_moment
    >>> as_of = np.arange(parse_moment("2026-01-10"), parse_moment("2026-08-02"), DAY)
    >>> kind, found = periods_of(as_of, parse_moment("2026-08-02"), 60)
    >>> kind, [one.name for one in found][:2]
    ('week', ['2026-03-16', '2026-03-23'])
    >>> kind, found = periods_of(as_of, parse_moment("2026-08-02"), 30)
    >>> kind, [one.name for one in found]
    ('month', ['2026-03', '2026-04', '2026-05', '2026-06'])
    """
    if not len(as_of):
        return "month", ()
    looked = np.sort(as_of)
    first, horizon = int(looked[0]), horizon_days * DAY

    def within(starts: list[datetime], named: str) -> tuple[Period, ...]:
        found = (
            Period(start.strftime(named), _moment(start), _moment(until)) for start, until in pairwise(starts)
        )
        known = (one for one in found if one.start >= first + horizon and one.until <= now - horizon)
        return tuple(one for one in known if np.diff(np.searchsorted(looked, (one.start, one.until)))[0])

    months, weeks = within(_months(first, now), "%Y-%m"), within(_weeks(first, now), "%Y-%m-%d")
    return ("month", months) if len(months) >= min(FEWEST_MONTHS, len(weeks)) else ("week", weeks)


def counted(number: int, kind: Kind) -> str:
    """Return so many periods in words.

    >>> counted(1, "month"), counted(3, "week")
    ('1 month', '3 weeks')
    """
    return f"{number} {kind}{'' if number == 1 else 's'}"


def _months(first: int, now: int) -> list[datetime]:
    """Return the first days of all months from the first moment's to the one after now."""
    since, last = to_time(first), to_time(now)
    numbers = range(12 * since.year + since.month - 1, 12 * last.year + last.month + 1)
    return [datetime(number // 12, number % 12 + 1, 1, tzinfo=UTC) for number in numbers]


def _weeks(first: int, now: int) -> list[datetime]:
    """Return the Mondays of all weeks from the first moment's to the one after now."""
    since = to_time(first).replace(hour=0, minute=0, second=0, microsecond=0)
    monday = since - timedelta(days=since.weekday())
    return [monday + timedelta(weeks=number) for number in range((to_time(now) - monday).days // 7 + 2)]


def _moment(time: datetime) -> int:
    return int(time.timestamp()) * SECOND
