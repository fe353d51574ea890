"""Addresses of pages."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode


def address(path: str, asked: Mapping[str, object]) -> str:
    """Return an address that can be sent to a colleague.

    >>> address("/month", {"month": "2026-10", "grade": None})
    '/month?month=2026-10'
    """
    kept = {name: str(value) for name, value in asked.items() if value not in {None, ""}}
    return f"{path}?{urlencode(kept)}" if kept else path
