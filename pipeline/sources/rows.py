"""The rows that one part of a table is made from: joined, put in order, filtered, one per case."""

# ruff: noqa: S608  the text of a query is made of generated names alone (see steps.py)

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from pipeline.sources.cells import Reader
from pipeline.sources.column_rule import ColumnRule, RowOrder
from pipeline.sources.conditions import condition
from pipeline.sources.joins import Side
from pipeline.sources.mapping import TableRule
from pipeline.sources.readers import read_number
from pipeline.sources.source_columns import SourceColumn, SourceColumns
from pipeline.sources.source_file import SourceFile
from pipeline.sources.white_space import filled


@dataclass(frozen=True)
class RowSource:
    """The files of one part: the main one, and those laid beside it."""

    main: SourceFile
    sides: tuple[Side, ...] = ()

    def columns(self, where: str) -> SourceColumns:
        """Return the columns of all the files; those of a joined file as ``name.column``."""
        found = {name: SourceColumn(f"c{at}", self.main.types[at]) for name, at in self.main.columns.items()}
        for side in self.sides:
            for name, at in side.file.columns.items():
                column = SourceColumn(f"j{side.number}_c{at}", side.file.types[at])
                found[f"{side.join.as_}.{name}"] = column
        return SourceColumns(self.main.name, where, found)


@dataclass(frozen=True)
class Rows:
    """A query for rows, ``chosen``, and those on the way to it.

    Its columns are ``r``, the number of the row in the main file from 1, ``kept``, NULL for a row to
    which the rules for rows have no answer, and those that ``reader`` knows. In ``judged`` all rows of
    the main file are left, and ``kept`` is false for those that the rules leave out. ``alone`` are the
    queries for the rows of each side that match none. Malformed rows go to the tables that ``rejects``
    names.
    """

    chosen: str
    judged: str
    alone: tuple[str, ...]
    reader: Reader
    source: RowSource
    rejects: Mapping[str, SourceFile]
    in_file_order: bool


def choose_rows(source: RowSource, rule: TableRule, reader: Reader, rejects: str) -> Rows:
    """Return the rows of ``source`` that a rule means.

    ``rejects`` begins the names of the tables of malformed rows; it must be new for each query.

    Raises:
        MappingError: when the rule names a column that is not there.
    """
    orders = {key: f"o{number}" for number, key in enumerate(dict(_row_orders(rule)))}
    reader, steps = replace(reader, orders=orders), reader.steps
    file = f"SELECT row_number() OVER () AS r, * FROM ({source.main.scan(steps, rejects)})"
    places = "".join(f", {_place(order, reader, key)} AS {orders[key]}" for key, order in _row_orders(rule))
    placed = f"SELECT *{places} FROM ({steps.over(file)})"
    matches = [side.matches(reader) for side in source.sides]
    main = f"({steps.over(placed)}) AS main"
    scans = [f"({side.scan(reader, f'{rejects}_{side.number}')}) AS j{side.number}" for side in source.sides]
    beside = "".join(f" LEFT JOIN {scan} ON {match}" for scan, match in zip(scans, matches, strict=True))
    judgement = [condition(test, reader, f"where[{number}]") for number, test in enumerate(rule.where)]
    joined = steps.over(f"SELECT * FROM {main}{beside}")
    judged = f"SELECT *, {' AND '.join(judgement) or 'true'} AS kept FROM ({joined})"
    return Rows(
        chosen=_one_per_case(f"SELECT * FROM ({judged}) WHERE kept IS NOT false", rule, reader),
        judged=judged,
        alone=tuple(
            f"SELECT * FROM {scan} ANTI JOIN {main} ON {match}"
            for scan, match in zip(scans, matches, strict=True)
        ),
        reader=reader,
        source=source,
        rejects={rejects: source.main} | {f"{rejects}_{side.number}": side.file for side in source.sides},
        in_file_order=not (source.sides or orders or rule.one_row_per),
    )


def _row_orders(rule: TableRule) -> Iterator[tuple[str, RowOrder]]:
    for key, column in rule.rules.items():
        if column.row_order is not None:
            yield key, column.row_order


def _place(order: RowOrder, reader: Reader, key: str) -> str:
    down = " DESC" if order.descending else ""
    if order.by is None:
        return "row_number() OVER (ORDER BY r DESC)" if down else "r"
    text = filled(reader.text(ColumnRule(column=order.by), f"{key}.row_order.by"), reader.steps)
    number = read_number(text, reader.steps)
    nulls = "FIRST" if down else "LAST"
    order_by = f"{text} IS NULL, {number}{down} NULLS {nulls}, {text}{down}, r{down}"
    place = f"row_number() OVER (ORDER BY {order_by})"
    return f"CASE WHEN {text} IS NOT NULL THEN {place} END"


def _one_per_case(query: str, rule: TableRule, reader: Reader) -> str:
    if rule.one_row_per is None:
        return query
    case = filled(reader.text(ColumnRule(column=rule.one_row_per), "one_row_per"), reader.steps)
    down = " DESC" if rule.keep == "last" else ""
    moment = (
        f"{reader.cell(rule.order_by, 'time', 'order_by').value}{down} NULLS LAST, " if rule.order_by else ""
    )
    first = f"row_number() OVER (PARTITION BY {case}, kept IS NULL ORDER BY {moment}r{down}) = 1"
    # Rows without a case, or without an answer, go on to be refused with their reason.
    return f"SELECT * FROM ({reader.steps.over(query)}) QUALIFY {first} OR {case} IS NULL OR kept IS NULL"
