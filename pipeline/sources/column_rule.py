"""How one column of a table is made from the columns of a file."""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cached_property
from typing import Annotated, Final, Self

from pydantic import AfterValidator, BeforeValidator, model_validator

from pipeline.sources.durations import Duration
from pipeline.sources.section import Name, OneOrMany, Section

ORIGINS: Final = ("column", "parts", "value", "row_number", "row_order")
EPOCHS: Final[Mapping[str, int]] = {"epoch_seconds": 1_000_000, "epoch_milliseconds": 1_000}

_DIRECTIVE: Final = re.compile(r"%(-?.)", re.DOTALL)
_DIRECTIVES: Final = {"n", "z", "f", "g", "p", "%", "y", "Y", "b", "B", "a", "A"} | {
    dash + letter for letter in "mdHIMSj" for dash in ("", "-")
}
_A_DAY: Final = ({"m", "-m", "b", "B"}, {"d", "-d"})


def _known_zone(name: str) -> str:
    if name not in zoneinfo.available_timezones():
        raise ValueError(f"a time zone has an IANA name like Europe/Paris, not {name!r}")
    return name


def _time_format(text: str) -> str:
    if text in EPOCHS:
        return text
    found = {match[1] for match in _DIRECTIVE.finditer(text)}
    if unknown := sorted(found - _DIRECTIVES):
        raise ValueError(
            f"%{unknown[0]} is no directive of a time format; {text!r} could be like %d/%m/%Y %H:%M"
        )
    has_day = all(found & part for part in _A_DAY) or found & {"j", "-j"}
    if not (found & {"Y", "y"} and has_day):
        raise ValueError(f"a time format has a year, a month and a day, like %d/%m/%Y, not {text!r}")
    return text


def _moment(text: object) -> datetime:
    try:
        return text if isinstance(text, datetime) else datetime.fromisoformat(str(text))
    except ValueError as error:
        raise ValueError(
            f"a moment is written like 2026-01-31 or 2026-01-31T09:30:00Z, not {text!r}"
        ) from error


TimeZone = Annotated[str, AfterValidator(_known_zone)]
TimeFormat = Annotated[str, AfterValidator(_time_format)]
Moment = Annotated[datetime, BeforeValidator(_moment)]


def to_microseconds(moment: datetime, zone: str) -> int:
    """Return the moment in microseconds since 1970 UTC; without an offset it is local time of ``zone``."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=zoneinfo.ZoneInfo(zone))
    since = aware - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


class RowOrder(Section):
    """Dates for a file that has none: the rows stand in the order of time.

    The first row gets ``start``, each later one ``step`` more. The order is that of the file, or of
    the column ``by`` (numbers as numbers, texts as texts after them); ``descending`` turns it round.
    """

    start: Moment
    step: Duration
    by: Name | None = None
    descending: bool = False


class ColumnRule(Section):
    """Where a column's cells come from, and how they are read.

    Exactly one of ``column`` (a column of the file), ``parts`` (several, put together with
    ``between``), ``value`` (the same for every row), ``row_number`` (the number of the row in its file,
    from 1, after this text) and ``row_order`` (dates for rows that have none).
    """

    column: Name | None = None
    parts: tuple[Name, ...] = ()
    between: str = " "
    value: str | None = None
    row_number: str | None = None
    row_order: RowOrder | None = None
    missing: OneOrMany[str] = ()
    translate: Mapping[str, str] = {}
    decimal_comma: bool = False
    format: OneOrMany[TimeFormat] = ()
    timezone: TimeZone | None = None
    plus: Duration | None = None

    @model_validator(mode="after")
    def _has_one_origin(self) -> Self:
        if len(self.origins) != 1:
            given = " and ".join(self.origins) or "none"
            raise ValueError(
                f"a column has one of column, parts, value, row_number and row_order, not {given}"
            )
        return self

    @cached_property
    def origins(self) -> tuple[str, ...]:
        """The keys that say where the cells come from."""
        given = {
            "column": self.column is not None,
            "parts": bool(self.parts),
            "value": self.value is not None,
            "row_number": self.row_number is not None,
            "row_order": self.row_order is not None,
        }
        return tuple(key for key, is_given in given.items() if is_given)

    @property
    def sources(self) -> tuple[str, ...]:
        """The columns of the file that are used."""
        by = self.row_order.by if self.row_order else None
        return tuple(name for name in (self.column, *self.parts, by) if name is not None)


def _as_rule(value: object) -> object:
    return {"column": value} if isinstance(value, str) else value


Column = Annotated[ColumnRule, BeforeValidator(_as_rule)]
