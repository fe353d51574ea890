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


def own_address(address: str) -> str:
    """Return an address of Baton's own, or nothing: nobody is sent to another site from here.

    A browser takes a backslash for a slash, and passes over line breaks and tabs.
    """
    own = address.startswith("/") and not address.startswith("//")
    return address if own and "\\" not in address and address.isprintable() else ""
