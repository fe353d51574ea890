"""How figures are written for people."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

NONE: Final = "\N{EN DASH}"


def written(value: Any, kind: str) -> str:  # noqa: ANN401 - a kind says what it takes
    r"""Return a figure of a kind of column (`serving.figures.table.Kind`) as people write it.

    >>> written(0.231, "share"), written(12000, "count"), written(1.26, "days"), written(None, "money")
    ('23\\xa0%', '12,000', '1.3', '\u2013')
    """
    return NONE if value is None else _WRITTEN[kind](value)


def percent(share: float) -> str:
    r"""Return a share as people write it.

    >>> percent(0.231), percent(0.0004), percent(1.0)
    ('23\xa0%', 'under 1\xa0%', '100\xa0%')
    """
    return (
        f"{share:.0%}".replace("%", "\N{NO-BREAK SPACE}%")
        if share >= 0.005 or share <= 0
        else "under 1\N{NO-BREAK SPACE}%"
    )


def moment(value: datetime) -> str:
    """Return a moment for people.

    >>> from datetime import UTC
    >>> moment(datetime(2026, 11, 3, 14, 5, tzinfo=UTC))
    '3 Nov 2026, 14:05 UTC'
    """
    return f"{value.day} {value:%b %Y, %H:%M} UTC"


def short(text: str, most: int = 120) -> str:
    """Return a text that finds room on a page; a file has it whole.

    >>> short("Paid Search"), short("Paid Search", 5)
    ('Paid Search', 'Paid\u2026')
    """
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}\N{HORIZONTAL ELLIPSIS}"


def _few_digits(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 10 else f"{value:.1f}"


def _points(value: float) -> str:
    return f"{100 * value:+.1f}".replace("-", "\N{MINUS SIGN}")


_WRITTEN: Final[Mapping[str, Callable[[Any], str]]] = {
    "text": short,
    "link": short,
    "count": "{:,.0f}".format,
    "number": _few_digits,
    "share": percent,
    "points": _points,
    "days": _few_digits,
    "hours": _few_digits,
    "money": "{:,.0f}".format,
    "times": "{:.1f}\N{MULTIPLICATION SIGN}".format,
    "change": lambda value: f"{value:+,.0f}".replace("-", "\N{MINUS SIGN}"),
    "moment": moment,
    "moves": lambda value: f"{100 * value:.1f}",
    "score": "{:.2f}".format,
    "day": lambda value: f"{value.day} {value:%b %Y}",
}
