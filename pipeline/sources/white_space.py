"""Text as DuckDB must trim it to agree with Python's ``str.strip``."""

from __future__ import annotations

from typing import Final

from data_checks.folding import MISSING_WORDS
from pipeline.sources.steps import Steps

# DuckDB's trim() takes off spaces alone unless told otherwise.
WHITE_SPACE: Final = (
    "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007"
    "\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)
_OUTER: Final = "^[{0}]|[{0}]$".format("".join(f"\\x{{{ord(char):x}}}" for char in WHITE_SPACE))
_LONGEST_MISSING: Final = max(map(len, MISSING_WORDS))


def trimmed(text: str, steps: Steps) -> str:
    """Return the SQL of a text without outer white space."""
    # Asking first is ten times cheaper than trimming.
    has_any = f"regexp_matches({text}, {steps.bind(_OUTER)})"
    return steps.let(f"CASE WHEN {has_any} THEN trim({text}, {steps.bind(WHITE_SPACE)}) ELSE {text} END")


def compared(text: str, steps: Steps) -> str:
    """Return the SQL of a text as it is compared: case and outer white space evened out."""
    return steps.let(f"lower({trimmed(text, steps)})")


def filled(text: str, steps: Steps) -> str:
    """Return the SQL of a text without outer white space, NULL where it is a word for "missing"."""
    bare = trimmed(text, steps)
    words = steps.bind(sorted(MISSING_WORDS))
    # The length is asked first: it is cheap, and hardly any text is that short.
    return steps.let(
        f"CASE WHEN length({bare}) > {_LONGEST_MISSING} THEN {bare} "
        f"WHEN NOT list_contains({words}, lower({bare})) THEN {bare} END"
    )
