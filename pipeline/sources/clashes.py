"""Keys of a mapping that are well formed and do not fit where they stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final

from data_checks.faults import Clash
from data_checks.tables import SHAPES, ColumnType
from data_checks.yaml_reading import Place
from pipeline.sources.section import write_instead

if TYPE_CHECKING:
    from pipeline.sources.column_rule import ColumnRule
    from pipeline.sources.mapping import TableRule

_OF_TIMES: Final = ("row_order", "format", "timezone", "plus")
_OF_LEADS: Final = ("outcome", "other_columns", "drop")
_OF_CASES: Final = ("keep", "order_by")


def of_tables(tables: Mapping[str, tuple[TableRule, ...]]) -> Iterator[Clash]:
    """Tables are those of the design, leads among them, and have the columns that they have."""
    if not tables.get("leads"):
        yield Clash((), None, "tables names leads", "add leads")
    for table, parts in tables.items():
        if table not in SHAPES:
            step = write_instead(table, tuple(SHAPES))
            yield Clash((table,), table, f"the tables are {', '.join(SHAPES)}", step)
            continue
        for number, part in enumerate(parts):
            yield from _of_part((table, number), table, part)


def _of_part(place: Place, table: str, part: TableRule) -> Iterator[Clash]:
    shape = SHAPES[table]
    if not shape.custom:
        yield from _misplaced(place, part, _OF_LEADS, "leads alone has it")
        for name in part.columns:
            if name not in shape.columns:
                rule = f"{table} has the columns {', '.join(shape.columns)}"
                yield Clash((*place, "columns", name), name, rule, write_instead(name, tuple(shape.columns)))
    if part.one_row_per is None:
        yield from _misplaced(place, part, _OF_CASES, "it belongs to one_row_per")
    for name, column in part.columns.items():
        yield from _of_column((*place, "columns", name), shape.columns.get(name, "text"), column)
    for number, outcome in enumerate(part.outcome):
        if outcome.at is not None:
            yield from _of_column((*place, "outcome", number, "at"), "time", outcome.at)
    if part.order_by is not None:
        yield from _of_column((*place, "order_by"), "time", part.order_by)


def _misplaced(place: Place, part: TableRule, keys: Iterable[str], rule: str) -> Iterator[Clash]:
    for key in keys:
        if key in part.model_fields_set:
            yield Clash((*place, key), key, rule, "remove it")


def _of_column(place: Place, kind: ColumnType, rule: ColumnRule) -> Iterator[Clash]:
    for key in _OF_TIMES:
        if kind != "time" and key in rule.model_fields_set:
            yield Clash(
                (*place, key), key, f"it belongs to times, and this is a column of {kind}", "remove it"
            )
    if kind in ("time", "boolean") and rule.decimal_comma:
        message = f"it belongs to numbers, and this is a column of {kind}"
        yield Clash((*place, "decimal_comma"), "true", message, "remove it")
