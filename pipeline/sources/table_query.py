"""The one query that reads a part of a table: its cells, and what is wrong with its rows."""

# ruff: noqa: S608  the text of a query is made of generated names alone (see steps.py)

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from data_checks.tables import SHAPES, ColumnType
from pipeline.sources.cells import Cell, Reader
from pipeline.sources.column_rule import ColumnRule
from pipeline.sources.conditions import condition
from pipeline.sources.mapping import Outcome, TableRule
from pipeline.sources.rows import Rows

BETWEEN: Final = "\x1f"
_UNJUDGED: Final = "a rule for rows (where) cannot be answered: its column is missing or unreadable"
_UNTOLD: Final = "the outcome cannot be told: a column of its flag (when) is missing or unreadable"
_TYPES: Final[Mapping[ColumnType, str]] = MappingProxyType(
    {"text": "VARCHAR", "number": "DOUBLE", "time": "TIMESTAMPTZ", "boolean": "BOOLEAN"}
)


@dataclass(frozen=True)
class TableQuery:
    """SQL that gives the columns ``t0``, ``t1`` ... (called ``names``), and four more.

    ``reasons`` says why a row is refused, ``unread`` which optional cells could not be read, several
    divided by `BETWEEN`; ``row_number`` and ``raw``, the file's own cells as text (called
    ``raw_names``), are filled in for such rows alone.
    """

    sql: str
    names: tuple[str, ...]
    raw_names: tuple[str, ...]


def table_query(table: str, rules: Mapping[str, ColumnRule], rows: Rows) -> TableQuery:
    """Return the query for a table of which ``rules`` has the columns, custom ones of leads included."""
    cells = {name: _cell(table, name, rule, rows.reader) for name, rule in rules.items()}
    unanswered = f"CASE WHEN kept IS NULL THEN {rows.reader.steps.bind(_UNJUDGED)} END"
    return _assembled(table, cells, rows, unanswered, only="true")


def outcome_query(rules: Mapping[str, ColumnRule], outcome: Outcome, number: int, rows: Rows) -> TableQuery:
    """Return the query for the stage changes that the rows of leads tell."""
    reader, key = rows.reader, f"outcome[{number}]"
    lead_id, created_at = (_cell("leads", name, rules[name], reader) for name in ("lead_id", "created_at"))
    bind, told = reader.steps.bind, "true"
    if outcome.at is not None:
        changed_at = reader.cell(outcome.at, "time", f"{key}.at")
        happened = f"({changed_at.value} IS NOT NULL OR {changed_at.fault} IS NOT NULL)"
    else:
        changed_at = Cell(f"{created_at.value} + to_microseconds({bind(outcome.after)})")
        told = " AND ".join(condition(rule, reader, f"{key}.when") for rule in outcome.when)
        happened = f"({told}) IS NOT false"
    stage = Cell(f"CAST({bind(outcome.stage)} AS VARCHAR)")
    unanswered = f"CASE WHEN ({told}) IS NULL THEN {bind(_UNTOLD)} END"
    is_lead = f"kept AND {lead_id.value} IS NOT NULL AND {created_at.value} IS NOT NULL"
    cells = {"lead_id": lead_id, "changed_at": changed_at, "stage": stage}
    return _assembled("stage_changes", cells, rows, unanswered, only=f"{is_lead} AND {happened}")


def column_rules(table: str, part: TableRule, reader: Reader) -> Mapping[str, ColumnRule]:
    """Return a rule for each column that the table gets from this part.

    Raises:
        SourceError: when a required column is neither mapped nor in the file.
    """
    shape, rules = SHAPES[table], dict(part.columns)
    for name in shape.columns:
        if name not in rules and name in reader.columns:
            rules[name] = ColumnRule(column=name)
    for name in shape.required:
        if name not in rules:
            raise reader.columns.missing(name)
    return rules


def _cell(table: str, name: str, rule: ColumnRule, reader: Reader) -> Cell:
    kind: ColumnType = SHAPES[table].columns.get(name, "text")
    is_id = name.endswith("_id") and name in SHAPES[table].columns
    return reader.cell(rule, kind, f"columns.{name}", is_id)


def _assembled(table: str, cells: Mapping[str, Cell], rows: Rows, unanswered: str, only: str) -> TableQuery:
    required, bind = SHAPES[table].required, rows.reader.steps.bind
    reasons = [unanswered]
    for name in required:
        empty = f"CASE WHEN {cells[name].value} IS NULL THEN {bind(f'{name} is empty')} END"
        reasons.append(f"coalesce({cells[name].fault}, {empty})")
    unread = [cell.fault for name, cell in cells.items() if name not in required]
    raw = rows.reader.columns.columns
    texts = ", ".join(rows.reader.as_written(column) for column in raw.values())
    values = {name: f"CAST(NULL AS {_TYPES[kind]})" for name, kind in SHAPES[table].columns.items()}
    values |= {name: cell.value for name, cell in cells.items()}
    columns = ", ".join(f"{value} AS t{position}" for position, value in enumerate(values.values()))
    is_faulty = "reasons IS NOT NULL OR unread IS NOT NULL"
    sql = (
        f"SELECT {columns}, {_joined(reasons)} AS reasons, {_joined(unread)} AS unread, "
        f"CASE WHEN {is_faulty} THEN r END AS row_number, CASE WHEN {is_faulty} THEN [{texts}] END AS raw "
        f"FROM ({rows.reader.steps.over(rows.chosen)}) WHERE {only}{_in_file_order(rows)}"
    )
    return TableQuery(sql, tuple(values), tuple(raw))


def _joined(texts: Sequence[str]) -> str:
    return f"nullif(concat_ws(chr(31), {', '.join(texts)}), '')" if texts else "CAST(NULL AS VARCHAR)"


def _in_file_order(rows: Rows) -> str:
    """Sorting is for queries that lose the order of the file, or a large file would be held in memory."""
    return "" if rows.in_file_order else " ORDER BY r"
