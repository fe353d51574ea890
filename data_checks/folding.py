"""Texts that differ only in how they were typed, made equal."""

from __future__ import annotations

import unicodedata
from typing import Final

# "NA" is not among them: it is Namibia.
MISSING_WORDS: Final[frozenset[str]] = frozenset(
    {"", "-", "--", "n/a", "#n/a", "<na>", "nan", "nat", "null", "none", "unknown"}
)

_LOOK_ALIKE: Final[frozenset[str]] = frozenset({"Latin", "Cyrillic", "Greek", "Armenian", "Cherokee"})


def fold(text: str) -> str:
    """Return ``text`` as it compares: Unicode form, case, stray and invisible characters evened out.

    The Unicode form is NFKC with case folding (UAX 31), format characters (category Cf: zero-width
    spaces, direction marks, byte-order marks) are dropped, every run of white space is one space.
    Letters of different alphabets stay different however alike they look. Folding twice changes nothing.

    >>> fold("  Financial\\u00a0 SERVICES\\u200b ")
    'financial services'
    >>> fold("ﬁntech"), fold("STRASSE") == fold("straße")
    ('fintech', True)
    """
    if text.isascii():
        return " ".join(text.lower().split())
    for _ in range(2):
        text = unicodedata.normalize("NFKC", unicodedata.normalize("NFD", text).casefold())
    return " ".join("".join(char for char in text if unicodedata.category(char) != "Cf").split())


def is_missing(text: str | None) -> bool:
    """Tell whether a cell says nothing: no value, white space, or a word that exports write for none.

    >>> is_missing(None), is_missing(" "), is_missing("N/A"), is_missing("0"), is_missing("NA")
    (True, True, True, False, False)
    """
    if text is None or text != text:  # noqa: PLR0124  the NaN of a pandas text column
        return True
    return said(text) is None


def said(text: str) -> str | None:
    """Return ``text`` as it compares, or None if it says nothing.

    >>> said(" N/A"), said("Web  Form")
    (None, 'web form')
    """
    folded = fold(text)
    return None if folded in MISSING_WORDS else folded


def mixed_alphabets(text: str) -> tuple[str, ...]:
    """Return the alphabets of the letters in ``text``, if they are of more than one of those that look alike.

    >>> mixed_alphabets("R\u0435tail"), mixed_alphabets("Retail"), mixed_alphabets("Москва")
    (('Cyrillic', 'Latin'), (), ())
    """
    names = {unicodedata.name(char, "").partition(" ")[0].title() for char in text[:200] if char.isalpha()}
    found = sorted(names & _LOOK_ALIKE)
    return tuple(found) if len(found) > 1 else ()
