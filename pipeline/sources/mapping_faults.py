"""What is wrong with a mapping, each fault with its path."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pydantic import ValidationError

from data_checks.tables import SHAPES, ColumnType
from pipeline.sources.errors import hint, listed

if TYPE_CHECKING:
    from pipeline.sources.column_rule import ColumnRule
    from pipeline.sources.mapping import TableRule

_ONLY_OF_TIMES: Final = ("row_order", "format", "timezone", "plus")
_ONLY_OF_CASES: Final = ("keep", "order_by")
_ONLY_OF_LEADS: Final = ("outcome", "other_columns", "drop")


@dataclass(frozen=True)
class Fault:
    """One fault: where in the file, and what."""

    path: str
    message: str


def pydantic_faults(error: ValidationError) -> tuple[Fault, ...]:
    """Return the faults of a document that is not even of the right form."""
    return tuple(
        Fault(_path(entry["loc"]), entry["msg"].removeprefix("Value error, ")) for entry in error.errors()
    )


def table_faults(path: str, table: str, part: TableRule) -> Iterator[Fault]:
    """Yield the keys of one table that do not fit it."""
    if table != "leads":
        yield from _misplaced(path, part, _ONLY_OF_LEADS, "belongs to leads alone")
        yield from _unknown_columns(path, table, part)
    if part.one_row_per is None:
        yield from _misplaced(path, part, _ONLY_OF_CASES, "belongs to one_row_per, and there is none")
    for name, rule in part.columns.items():
        yield from _column_faults(f"{path}.columns.{name}", SHAPES[table].columns.get(name, "text"), rule)
    for number, outcome in enumerate(part.outcome):
        if outcome.at is not None:
            yield from _column_faults(f"{path}.outcome[{number}].at", "time", outcome.at)


def _misplaced(path: str, part: TableRule, keys: Iterable[str], why: str) -> Iterator[Fault]:
    for key in keys:
        if key in part.model_fields_set:
            yield Fault(f"{path}.{key}", why)


def _unknown_columns(path: str, table: str, part: TableRule) -> Iterator[Fault]:
    known = SHAPES[table].columns
    for name in part.columns:
        if name not in known:
            message = f"{table} has no such column{hint(name, known)}; its columns are {listed(known)}"
            yield Fault(f"{path}.columns.{name}", message)


def _column_faults(path: str, kind: ColumnType, rule: ColumnRule) -> Iterator[Fault]:
    for key in _ONLY_OF_TIMES:
        if kind != "time" and key in rule.model_fields_set:
            yield Fault(f"{path}.{key}", f"belongs to a column of times, and this is one of {kind}")
    if kind in ("time", "boolean") and rule.decimal_comma:
        yield Fault(f"{path}.decimal_comma", f"belongs to numbers, and this is a column of {kind}")


def _path(location: tuple[int | str, ...]) -> str:
    joined = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in location)
    # A list of one is usually written without the list.
    return re.sub(r"\[0\](?=\.|$)", "", joined).lstrip(".") or "the file"
