"""Lengths of time, as people write them."""

from __future__ import annotations

import re
from typing import Annotated, Final

from pydantic import BeforeValidator

_MICROSECONDS: Final = {
    "second": 1_000_000,
    "minute": 60_000_000,
    "hour": 3_600_000_000,
    "day": 86_400_000_000,
    "week": 604_800_000_000,
}
_FORM: Final = re.compile(r"(\d+(?:\.\d+)?) ?(second|minute|hour|day|week)s?", re.ASCII)


def parse_duration(text: object) -> int:
    """Return the microseconds in ``text``, a number and a unit.

    >>> parse_duration("10 minutes"), parse_duration("1.5 days")
    (600000000, 129600000000)

    Raises:
        ValueError: when it is anything else.
    """
    form = _FORM.fullmatch(str(text).strip())
    if form is None:
        raise ValueError(f"a length of time is like 10 minutes or 1.5 days, not {text!r}")
    return round(float(form[1]) * _MICROSECONDS[form[2]])


Duration = Annotated[
    int, BeforeValidator(lambda text: text if isinstance(text, int) else parse_duration(text))
]
