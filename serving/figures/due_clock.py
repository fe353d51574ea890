"""How long until a first contact is due, or since when it is overdue, as the office counts time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import numpy as np

from data_checks.moments import moment_of
from data_checks.sla import WorkingHours
from data_checks.working_time import working_clock

_HOUR: Final = 3_600_000_000


def hours_left(agreed: WorkingHours, due: Sequence[datetime], now: Sequence[datetime]) -> list[float]:
    """Return the working hours from each moment of ``now`` to its due time; negative of one that is over."""
    if not due:
        return []
    clock = working_clock(agreed)
    ends, begins = (clock.at(np.array([moment_of(one) for one in some], np.int64)) for some in (due, now))
    return [float(left) for left in (ends - begins) / _HOUR]


def median_hours(agreed: WorkingHours, spans: Sequence[tuple[datetime, datetime]]) -> float | None:
    """Return the median of the working hours from the first moment of each to the second; None of none."""
    if not spans:
        return None
    begins, ends = zip(*spans, strict=True)
    return float(np.median(hours_left(agreed, ends, begins)))


def due_words(hours: float | None, overdue: bool) -> str | None:
    """Return a due clock in words.

    >>> due_words(3.2, False), due_words(-12, True), due_words(0.4, False), due_words(None, False)
    ('due in 3 working hours', 'overdue by 12 working hours', 'due within the hour', None)
    """
    if hours is None:
        return None
    whole = round(abs(hours))
    if overdue:
        return f"overdue by {_hours(whole)}" if whole else "overdue"
    return f"due in {_hours(whole)}" if hours >= 1 else "due within the hour"


def _hours(whole: int) -> str:
    return f"{whole:,} working hour{'' if whole == 1 else 's'}"
