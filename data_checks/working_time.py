"""Time as the office counts it: local clocks, and hours in which somebody is at work."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from data_checks.sla import WorkingHours

Moments = NDArray[np.int64]
"""Microseconds since 1970, UTC."""

FIRST_DAY: Final = date(1990, 1, 1)
LAST_DAY: Final = date(2100, 1, 1)
"""Outside of these days the clock of the office stands still, and local time is that of their ends."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_WEEK: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True)
class LocalTime:
    """A time zone: from each of ``since`` on, local clocks are ``ahead`` of UTC by so many microseconds."""

    since: Moments
    ahead: Moments

    def at(self, moments: Moments) -> Moments:
        """Return what local clocks show, as if it were UTC."""
        place = np.searchsorted(self.since, moments, side="right") - 1
        return moments + self.ahead[np.maximum(place, 0)]


@dataclass(frozen=True)
class WorkingClock:
    """A clock that runs in working hours only.

    Each of ``opens`` to the same of ``closes`` is a time of work; ``shown`` is what the clock shows
    when it begins, in microseconds.
    """

    opens: Moments
    closes: Moments
    shown: Moments

    def at(self, moments: Moments) -> Moments:
        """Return what the clock shows: the working time since its beginning, in microseconds."""
        place = np.maximum(np.searchsorted(self.opens, moments, side="right") - 1, 0)
        inside = np.minimum(moments, self.closes[place]) - self.opens[place]
        return self.shown[place] + np.maximum(inside, 0)

    def later(self, moment: int, worked: int) -> int:
        """Return the moment at which ``worked`` microseconds of work have passed since ``moment``.

        The end of a day's work counts as that day: what is due after eight hours of a day of eight is due
        when it closes. Where there is no time of work, it is ``worked`` after ``moment``.
        """
        if not len(self.opens):
            return moment + worked
        shown = int(self.at(np.array([moment]))[0]) + worked
        place = max(int(np.searchsorted(self.shown, shown, side="left")) - 1, 0)
        begun = int(self.opens[place]) + shown - int(self.shown[place])
        return max(begun, moment)


@lru_cache(maxsize=16)
def local_time(timezone: str) -> LocalTime:
    """Return the local time of an IANA time zone."""
    zone = ZoneInfo(timezone)
    noons = [datetime.combine(day, time(12), UTC) for day in _days()]
    changes = [
        _change(zone, *pair) for pair in pairwise(noons) if _ahead(zone, pair[0]) != _ahead(zone, pair[1])
    ]
    moments = [noons[0], *changes]
    ahead = [_ahead(zone, moment) // _MICROSECOND for moment in moments]
    return LocalTime(_to_moments(moments), np.array(ahead, np.int64))


@lru_cache(maxsize=16)
def working_clock(agreed: WorkingHours) -> WorkingClock:
    """Return the clock of the agreed working hours."""
    zone = ZoneInfo(agreed.timezone)
    worked = [day for day in _days() if _WEEK[day.weekday()] in agreed.days and day not in agreed.holidays]
    opens, closes = (
        _to_moments([datetime.combine(day, hour, zone) for day in worked])
        for hour in (agreed.opens, agreed.closes)
    )
    length = np.maximum(closes - opens, 0)
    return WorkingClock(opens, closes, np.cumsum(length) - length)


def _days() -> Iterator[date]:
    return (FIRST_DAY + timedelta(days=number) for number in range((LAST_DAY - FIRST_DAY).days))


def _ahead(zone: ZoneInfo, moment: datetime) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()


def _change(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """Return the second at which the offset of ``after`` begins."""
    new = _ahead(zone, after)
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) // 2
        middle = middle.replace(microsecond=0)
        before, after = (before, middle) if _ahead(zone, middle) == new else (middle, after)
    return after


def _to_moments(times: list[datetime]) -> Moments:
    return np.array([(moment - _EPOCH) // _MICROSECOND for moment in times], np.int64)
