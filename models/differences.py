"""How two lists of features, or two agreements, differ, in words: the first few of each kind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from data_checks.agreement import Agreement
from data_checks.amendments import amendments

TOLD: Final = 3
"""So many of each kind are named; the others are counted."""


def columns_apart(expected: Sequence[str], found: Sequence[str]) -> str:
    """Return which columns are missing, which are too many, and which stand elsewhere; empty if none.

    >>> columns_apart(["country", "size", "visits"], ["visits", "country", "owner"])
    'size missing; owner not expected; country (2 instead of 1), visits (1 instead of 3) moved'
    """
    wanted, places = set(expected), {name: place for place, name in enumerate(found, 1)}
    missing = [name for name in expected if name not in places]
    extra = [name for name in found if name not in wanted]
    moved = [
        f"{name} ({places[name]} instead of {place})"
        for place, name in enumerate(expected, 1)
        if places.get(name, place) != place
    ]
    # What stands before a column that is missing or too many moves it, which says nothing more.
    kept = [name for name in expected if name in places]
    told = moved if kept != [name for name in found if name in wanted] else []
    kinds = {"missing": missing, "not expected": extra, "moved": told}
    return "; ".join(f"{_first(names)} {kind}" for kind, names in kinds.items() if names)


def agreements_apart(earlier: Agreement, later: Agreement) -> str:
    """Return what became different between two agreements; empty if nothing did.

    Version and signatures are told only where nothing else is: they change no score.
    """
    formal = {"version": later.version, "signatories": later.signatories}
    changes = amendments(earlier.model_copy(update=formal), later) or amendments(earlier, later)
    return _first(changes, between=" ")


def _first(told: Sequence[str], between: str = ", ") -> str:
    more = len(told) - TOLD
    return between.join(told[:TOLD]) + (f"{between}and {more} more" if more > 0 else "")
