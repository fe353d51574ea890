"""Clocks of the sample world: weekly rhythms whose integral and inverse are exact.

Times are whole milliseconds since the epoch, in UTC; what a clock shows is in days.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from pipeline.sample_crm.arrays import Floats, Times

SECOND: Final = 1_000
HOUR: Final = 3_600_000
DAY: Final = 24 * HOUR
WEEK: Final = 7 * DAY

WORLD_ENDS: Final = 1_793_491_200_000  # 2026-11-01T00:00Z, a Sunday
NEVER: Final = 253_402_214_400_000  # 9999-12-31, later than every clock

_MONTH_DAYS: Final = 30.4375
_MONDAY_TO_EPOCH: Final = 72 * HOUR
_AFTERMATH_DAYS: Final = 1_500  # conversions may fall after the end of the record, horizons reach beyond it


@dataclass(frozen=True)
class Clock:
    """A clock that runs at a rate of its own in each hour, and at one day a day on average.

    ``shown`` holds what it shows at each full hour since ``starts``, shape (hours + 1,), in days.
    """

    starts: int
    shown: Floats

    def at(self, times: ArrayLike) -> Floats:
        """Return what the clock shows at ``times``; constant beyond its ends."""
        hours = (np.asarray(times, dtype=np.float64) - self.starts) / HOUR
        hours = np.clip(hours, 0, len(self.shown) - 1)
        whole = np.minimum(hours.astype(np.int64), len(self.shown) - 2)
        return np.asarray(self.shown[whole] + (hours - whole) * (self.shown[whole + 1] - self.shown[whole]))

    def pace(self, times: Times) -> Floats:
        """Return how fast the clock runs at ``times``, in days a day."""
        whole = ((times - self.starts) // HOUR).clip(0, len(self.shown) - 2)
        return np.asarray((self.shown[whole + 1] - self.shown[whole]) * 24)

    def when(self, shown: ArrayLike) -> Times:
        """Return the last moment at which the clock shows this, NEVER if it does not get there."""
        wanted = np.asarray(shown, dtype=np.float64)
        beyond = wanted > self.shown[-1]
        whole = (np.searchsorted(self.shown, wanted, side="right") - 1).clip(0, len(self.shown) - 2)
        rate = self.shown[whole + 1] - self.shown[whole]
        running = (rate > 0) & ~beyond
        part = np.divide(wanted - self.shown[whole], rate, out=np.zeros(wanted.shape), where=running)
        times = self.starts + whole * HOUR + np.floor(part * HOUR).astype(np.int64)
        return np.where(beyond, NEVER, times)


def world_starts(months: int) -> int:
    """Return the Monday, in milliseconds, about ``months`` before the end of the world."""
    first = WORLD_ENDS - round(months * _MONTH_DAYS * DAY)
    return first - (first + _MONDAY_TO_EPOCH) % WEEK


def rhythm(starts: int, silent: tuple[int, int] = (0, 0)) -> Clock:
    """Return the clock of people at their screens: busy in the day, quiet at night and at weekends.

    Between the two moments of ``silent`` it stands still.
    """
    day = np.repeat([0.2, 1.0, 2.2, 1.1, 0.4], [6, 2, 10, 4, 2])
    return _clock(starts, np.concatenate([np.tile(day, 5), np.tile(day * 0.3, 2)]), silent)


def office(starts: int) -> Clock:
    """Return the clock of the sales office, which runs from Monday to Friday, 08:00 to 18:00 UTC."""
    day = np.repeat([0.0, 1.0, 0.0], [8, 10, 6])
    return _clock(starts, np.concatenate([np.tile(day, 5), np.zeros(48)]))


def _clock(starts: int, week: Floats, silent: tuple[int, int] = (0, 0)) -> Clock:
    hours = (WORLD_ENDS - starts) // HOUR + 24 * _AFTERMATH_DAYS
    rates = np.resize(week / week.mean() / 24, hours)
    rates[max(0, (silent[0] - starts) // HOUR) : max(0, (silent[1] - starts) // HOUR)] = 0
    return Clock(starts, np.concatenate([[0.0], np.cumsum(rates)]))
