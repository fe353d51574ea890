"""Texts that a spreadsheet would run as a formula, made harmless before they are exported."""

from __future__ import annotations

import unicodedata

import pandas as pd

from data_checks.reading import parse_number


def defuse(text: str) -> str:
    """Return ``text`` so that a spreadsheet shows it and does not run it.

    A text that begins, white space and full-width forms aside, with one of ``= + - @``, or with a tab or
    a line break, gets a leading apostrophe, unless it is a plain number.

    >>> defuse("=HYPERLINK(1)"), defuse("-5"), defuse("Acme")
    ("'=HYPERLINK(1)", '-5', 'Acme')
    """
    first = unicodedata.normalize("NFKC", text.lstrip()[:1])
    risky = text[:1] in {"\t", "\r", "\n"} or first in {"=", "+", "-", "@"}
    return f"'{text}" if risky and parse_number(text) is None else text


def defused(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with every text in it, and its column names, defused."""
    safe = frame.rename(columns=lambda name: defuse(str(name)))
    for column in safe.columns:
        if isinstance(safe[column].dtype, pd.StringDtype) or safe[column].dtype == object:
            safe[column] = safe[column].map(lambda value: defuse(value) if isinstance(value, str) else value)
    return safe
