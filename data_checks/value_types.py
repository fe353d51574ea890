"""The kinds of value a text can read as."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from data_checks.reading import parse_boolean, parse_number, parse_time

ValueType = Literal["number", "integer", "date", "boolean", "email", "url"]

_EMAIL: Final = re.compile(r"[^@\s<>(),;:\"\\]{1,64}@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_][\w-]{1,62}")
_URL: Final = re.compile(r"https?://[^\s/?#<>\"]+\.[^\s<>\"]+", re.IGNORECASE)


@dataclass(frozen=True)
class Kind:
    """One kind: how it is recognised, named in a sentence, and repaired."""

    reads: Callable[[str], bool]
    words: str
    remedy: str


def _is_integer(text: str) -> bool:
    number = parse_number(text)
    return number is not None and number.is_integer()


VALUE_TYPES: Final[Mapping[ValueType, Kind]] = MappingProxyType(
    {
        "number": Kind(
            lambda text: parse_number(text) is not None,
            "a number",
            "write plain digits, without words, units or thousands separators",
        ),
        "integer": Kind(_is_integer, "a whole number", "write a whole number in plain digits"),
        "date": Kind(
            lambda text: parse_time(text) is not None,
            "a date or time in ISO 8601",
            "write it as 2026-01-31 or 2026-01-31T09:30:00Z",
        ),
        "boolean": Kind(
            lambda text: parse_boolean(text) is not None,
            "a yes or no",
            "write true or false",
        ),
        "email": Kind(
            lambda text: len(text) <= 320 and _EMAIL.fullmatch(text.strip()) is not None,
            "an email address",
            "write one address like name@company.com",
        ),
        "url": Kind(
            lambda text: len(text) <= 2083 and _URL.fullmatch(text.strip()) is not None,
            "a web address",
            "write one address like https://company.com",
        ),
    }
)
