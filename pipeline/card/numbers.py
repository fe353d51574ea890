"""Figures as they are written on the card."""

from __future__ import annotations

import math

from models.paired import Interval

NOTHING = "-"
"""Where there is no figure."""


def figure(value: float | None, digits: int = 3) -> str:
    """Return a figure with some digits.

    >>> figure(0.12345), figure(None), figure(float("nan"))
    ('0.123', '-', '-')
    """
    return NOTHING if value is None or math.isnan(value) else f"{value:.{digits}f}"


def share(value: float | None) -> str:
    """Return a share in per cent.

    >>> share(0.1234)
    '12.3%'
    """
    return NOTHING if value is None or math.isnan(value) else f"{value:.1%}"


def with_interval(found: Interval | None, digits: int = 3) -> str:
    """Return a figure with the ends of its interval.

    >>> with_interval(Interval(0.5, 0.4, 0.6))
    '0.500 (0.400 to 0.600)'
    """
    if found is None or math.isnan(found.value):
        return NOTHING
    return f"{figure(found.value, digits)} ({figure(found.low, digits)} to {figure(found.high, digits)})"


def share_with_interval(found: Interval | None) -> str:
    """Return a share with the ends of its interval, in per cent.

    >>> share_with_interval(Interval(0.5, 0.4, 0.6))
    '50.0% (40.0 to 60.0)'
    """
    if found is None or math.isnan(found.value):
        return NOTHING
    return f"{share(found.value)} ({100 * found.low:.1f} to {100 * found.high:.1f})"


def count(value: float) -> str:
    """Return a count, thousands parted by commas."""
    return f"{value:,.0f}"
