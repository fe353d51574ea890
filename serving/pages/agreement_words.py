"""The agreement in plain words, part by part, as pages show it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from data_checks.agreement import Agreement
from data_checks.plain_words import WORDS

_PARTS: Final = {
    "version": "Signed",
    "handoff": "Hand-off",
    "sla": "Service levels",
    "never_use": "Never used",
}


def agreement_words(agreement: Agreement) -> Mapping[str, Sequence[str]]:
    """Return the sentences of each part that has any, under what people call it."""
    words = {_PARTS.get(key, label(key)): part(agreement) for key, part in WORDS.items()}
    return {part: said for part, said in words.items() if said}


def label(name: str) -> str:
    """Return a name as words.

    >>> label("lead_data")
    'Lead data'
    """
    return (name[:1].upper() + name[1:]).replace("_", " ")
