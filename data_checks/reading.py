"""Values as text, and what a text says: a number, a time, a truth."""

from __future__ import annotations

import json
import math
import re
from datetime import UTC, date, datetime, timedelta
from typing import Final

import numpy as np

_NUMBER: Final = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_TIME: Final = re.compile(
    r"\d{4}-\d\d-\d\d"
    r"(?:[T ](?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?(?: ?(?:Z|[+-]\d\d(?::?[0-5]\d)?))?)?",
    re.ASCII,
)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_NAIVE_EPOCH: Final = datetime(1970, 1, 1)  # noqa: DTZ001 - of texts without an offset, which are UTC
_MICROSECOND: Final = timedelta(microseconds=1)
_MICROSECONDS: Final = 1_000_000
_SECONDS_A_DAY: Final = 86_400
_TRUTHS: Final = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_TOO_LARGE: Final = 10**309


def as_text(value: object) -> str | None:
    """Return a value, of JSON or of a frame, as the text that a table would hold; None when it is missing.

    Truths are ``true`` and ``false``, numbers are written the shortest way, times in ISO 8601 in UTC,
    lists and objects as JSON. A text stays as it was typed. Never raises.

    >>> as_text(True), as_text(12.0), as_text(0.5), as_text(" Acme "), as_text(float("nan"))
    ('true', '12', '0.5', ' Acme ', None)
    """
    if isinstance(value, np.generic):
        value = value.astype("datetime64[us]").item() if isinstance(value, np.datetime64) else value.item()
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return _number_text(value)
    if isinstance(value, date):
        return None if value != value else _time_text(value)  # noqa: PLR0124  NaT
    if isinstance(value, list | tuple | dict):
        return json.dumps(value, separators=(",", ":"), ensure_ascii=False, default=str)
    return None if str(value) in {"NaT", "<NA>", "nan"} else str(value)


def parse_number(text: str | None) -> float | None:
    """Return the finite number that ``text`` plainly is, or None.

    Plain is: digits with at most one decimal point, a sign, an exponent. A comma is refused, because
    it changes its meaning at a border; so are units and words. A dot is always a decimal point.

    >>> parse_number(" 12.50 "), parse_number("-3e2"), parse_number("1e308")
    (12.5, -300.0, 1e+308)
    >>> [parse_number(text) for text in ("about 200", "1,200", "nan", "inf", "1e309", "", "1_000", "٣")]
    [None, None, None, None, None, None, None, None]
    """
    if text is None or not isinstance(text, str) or not _NUMBER.fullmatch(text := text.strip()):
        return None
    number = float(text)
    return number if math.isfinite(number) else None


def parse_time(text: str | None) -> int | None:
    """Return the moment that ``text`` plainly is, in microseconds since 1970 UTC, or None.

    Plain is ISO 8601, extended form: a date (its midnight), or a date and a time with or without an
    offset; without one it is UTC, as all tables are. Dates whose day and month could be swapped, bare
    digits, week dates and moments that do not exist are refused.

    >>> parse_time("1970-01-02"), parse_time("1970-01-01T01:00:00.5+01:00"), parse_time("1970-01-01 00:00Z")
    (86400000000, 500000, 0)
    >>> [parse_time(text) for text in ("03/04/2026", "20260304", "2026-02-30", "yesterday", "2026-W10-3")]
    [None, None, None, None, None]
    """
    if text is None or not isinstance(text, str) or not _TIME.fullmatch(text := text.strip().upper()):
        return None
    if " " in text:
        text = text.replace(" Z", "Z").replace(" +", "+").replace(" -", "-")
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    since = moment - (_EPOCH if moment.tzinfo else _NAIVE_EPOCH)
    return (since.days * _SECONDS_A_DAY + since.seconds) * _MICROSECONDS + since.microseconds


def moment_text(moment: int) -> str:
    """Return a moment, in microseconds since 1970 UTC, as a table would hold it.

    >>> moment_text(86_400_000_000)
    '1970-01-02T00:00:00Z'
    """
    return _time_text(_EPOCH + moment * _MICROSECOND)


def parse_boolean(text: str | None) -> bool | None:
    """Return the truth that ``text`` plainly is (true, yes, 1, false, no, 0 in any case), or None.

    >>> parse_boolean("TRUE "), parse_boolean("no"), parse_boolean("maybe")
    (True, False, None)
    """
    return _TRUTHS.get(text.strip().lower()) if isinstance(text, str) else None


def _number_text(value: float) -> str | None:
    if isinstance(value, float):
        if value != value:  # noqa: PLR0124  NaN
            return None
        if math.isinf(value) or not value.is_integer() or abs(value) >= 1e16:
            return repr(value)
        return str(int(value))
    # str() of an int refuses more than 4,300 digits, and no number here is that large.
    return str(value) if abs(value) < _TOO_LARGE else ("inf" if value > 0 else "-inf")


def _time_text(value: date) -> str:
    if not isinstance(value, datetime):
        return value.isoformat()
    moment = value if value.tzinfo else value.replace(tzinfo=UTC)
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
