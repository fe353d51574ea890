"""What a text without outer white space says, in SQL, as ``data_checks.reading`` has it in Python."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pipeline.sources.clock import Clock, possible
from pipeline.sources.column_rule import EPOCHS
from pipeline.sources.steps import Steps

_ISO: Final = (
    r"\d{4}-\d\d-\d\d"
    r"(?:[T ](?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?"
    r"(?: ?(?:Z|[+-](?:[01]\d|2[0-3])(?::?[0-5]\d)?))?)?"
)
_OFFSET: Final = r"[T ].*(?:Z|[+-]\d\d(?::?\d\d)?)$"
_NUMBER: Final = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?"
_HOURS: Final = ("%H", "%-H", "%I", "%-I")
_TRUE: Final = ["true", "yes", "1"]
_FALSE: Final = ["false", "no", "0"]


@dataclass(frozen=True)
class Moment:
    """SQL of a moment, and of whether its text could be read, although as no single moment."""

    value: str
    readable: str = "false"


def read_number(text: str, steps: Steps) -> str:
    """Return the SQL of the finite number that a text plainly is, or NULL."""
    is_plain = f"regexp_full_match({text}, {steps.bind(_NUMBER)})"
    number = steps.let(f"CASE WHEN {is_plain} THEN TRY_CAST({text} AS DOUBLE) END")
    return steps.let(f"CASE WHEN isfinite({number}) THEN {number} END")


def read_truth(text: str, steps: Steps) -> str:
    """Return the SQL of the truth that a text plainly is, or NULL."""
    yes, no = (f"list_contains({steps.bind(words)}, lower({text}))" for words in (_TRUE, _FALSE))
    return steps.let(f"CASE WHEN {yes} THEN true WHEN {no} THEN false END")


def read_moment(text: str, formats: tuple[str, ...], clock: Clock, steps: Steps) -> Moment:
    """Return the moment that a text is: in ISO 8601, or in one of the formats if there are any.

    A text that is one moment by one format and another by the next is none.
    """
    if not formats:
        return _iso_moment(text, clock, steps)
    read = [_formatted(text, format_, clock, steps) for format_ in formats]
    if len(read) == 1:
        return read[0]
    moments = ", ".join(moment.value for moment in read)
    readable = " OR ".join(moment.readable for moment in read)
    doubtful = " OR ".join(f"({moment.readable} AND {moment.value} IS NULL)" for moment in read)
    agreed = f"least({moments}) = greatest({moments}) AND NOT ({doubtful})"
    return Moment(steps.let(f"CASE WHEN {agreed} THEN least({moments}) END"), steps.let(readable))


def _iso_moment(text: str, clock: Clock, steps: Steps) -> Moment:
    upper = steps.let(f"upper({text})")
    # The year 0 is one of ISO 8601, but not of Python's.
    is_iso = f"regexp_full_match({upper}, {steps.bind(_ISO)}) AND NOT starts_with({upper}, '0000')"
    iso = steps.let(f"CASE WHEN {is_iso} THEN {upper} END")
    joined = f"replace(replace(replace({iso}, ' Z', 'Z'), ' +', '+'), ' -', '-')"
    instant = f"coalesce(TRY_CAST({iso} AS TIMESTAMPTZ), TRY_CAST({joined} AS TIMESTAMPTZ))"
    if clock.zone == "UTC":
        return Moment(steps.let(instant))
    has_offset = steps.let(f"regexp_matches({iso}, {steps.bind(_OFFSET)})")
    day, hour = (
        steps.let(
            f"CASE WHEN NOT {has_offset} AND length({iso}) {size} 10 THEN TRY_CAST({iso} AS TIMESTAMP) END"
        )
        for size in ("=", ">")
    )
    local = f"coalesce({clock.day(day, steps)}, {clock.moment(hour, steps)})"
    moment = steps.let(f"CASE WHEN {has_offset} THEN {instant} ELSE {local} END")
    return Moment(moment, steps.let(f"coalesce({day}, {hour}) IS NOT NULL"))


def _formatted(text: str, format_: str, clock: Clock, steps: Steps) -> Moment:
    if format_ in EPOCHS:
        since = steps.let(f"TRY_CAST(round({read_number(text, steps)} * {EPOCHS[format_]}) AS BIGINT)")
        # Beyond 9999-12-31 make_timestamp can fail, and with it the whole query.
        bounded = f"CASE WHEN abs({since}) < 253402300800000000 THEN {since} END"
        moment = steps.let(f"CAST(make_timestamp({bounded}) AS TIMESTAMPTZ)")
        return Moment(possible(moment, steps), steps.let(f"{since} IS NOT NULL"))
    parsed = steps.let(f"try_strptime({text}, {steps.bind(format_)})")
    readable = steps.let(f"{parsed} IS NOT NULL")
    if "%z" in format_:
        return Moment(parsed, readable)
    has_hour = any(directive in format_ for directive in _HOURS)
    return Moment((clock.moment if has_hour else clock.day)(parsed, steps), readable)
