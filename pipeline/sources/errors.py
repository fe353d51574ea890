"""Errors of the sources, and the nearest right word for a wrong one."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from data_checks.errors import BatonError

_LISTED = 40


class SourceError(BatonError):
    """A file or folder that cannot be read as it is."""


class MappingError(BatonError):
    """A mapping that says what no mapping can say, or what its files do not have."""


def did_you_mean(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that ``name`` most likely stands for, or None.

    >>> did_you_mean("Lead ID", ["lead_id", "created_at"]), did_you_mean("xyz", ["lead_id"])
    ('lead_id', None)
    """
    folded = {_squeeze(candidate): candidate for candidate in known}
    close = difflib.get_close_matches(_squeeze(name), folded, n=1, cutoff=0.7)
    return folded[close[0]] if close else None


def hint(name: str, known: Iterable[str]) -> str:
    """Return "did you mean ...?" in brackets, or nothing."""
    meant = did_you_mean(name, known)
    return f" (did you mean {meant!r}?)" if meant else ""


def listed(names: Iterable[str]) -> str:
    """Return the names for a message, no more than a screen of them."""
    every = [repr(name) for name in names]
    more = f", and {len(every) - _LISTED} more" if len(every) > _LISTED else ""
    return (", ".join(every[:_LISTED]) or "none") + more


def _squeeze(name: str) -> str:
    return "".join(char for char in name.casefold() if char.isalnum())
