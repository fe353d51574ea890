"""Moments as people type them."""

from __future__ import annotations

from data_checks.errors import BatonError
from data_checks.reading import parse_time


def moment_of(text: str) -> int:
    """Return the moment that ``--as-of`` names, in microseconds since 1970 UTC.

    Raises:
        BatonError: It is not written in ISO 8601.
    """
    moment = parse_time(text)
    if moment is None:
        raise BatonError("--as-of is a moment in ISO 8601", repr(text), "write it like 2026-10-31T12:00:00Z")
    return moment
