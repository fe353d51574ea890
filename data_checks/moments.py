"""Moments as people and databases have them, and as the tables and the model have them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


def utc(moment: int) -> datetime:
    """Return microseconds since 1970 UTC as a time."""
    return _EPOCH + timedelta(microseconds=moment)


def moment_of(time: datetime) -> int:
    """Return a time as microseconds since 1970 UTC."""
    return (time - _EPOCH) // _MICROSECOND
