"""The cells of a table's columns, in SQL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from data_checks.tables import ColumnType
from pipeline.sources.clock import Clock, possible
from pipeline.sources.column_rule import ColumnRule, RowOrder, to_microseconds
from pipeline.sources.readers import Moment, read_moment, read_number, read_truth
from pipeline.sources.source_columns import SourceColumn, SourceColumns
from pipeline.sources.steps import Steps
from pipeline.sources.white_space import compared, filled
from pipeline.sources.written import instant, is_number, is_time, written

_WORDS: Final[Mapping[ColumnType, str]] = MappingProxyType(
    {
        "number": "is not a plain number",
        "time": "is not a time in the form expected (ISO 8601 unless the mapping names a format)",
        "boolean": "is not true or false",
    }
)
_DOUBTFUL: Final = "is no single moment (clocks were changed then, or two formats fit)"
_SHOWN: Final = 80
# Digits, perhaps in groups of three by points or spaces, and a comma before the decimals.
_COMMA_NUMBER: Final = r"\s*[+-]?(?:\d{1,3}(?:[. \x{a0}]\d{3})+|\d+)(?:,\d*)?\s*"
_GROUPS: Final = r"[.\s\x{a0}]"


@dataclass(frozen=True)
class Cell:
    """The SQL of a typed value, and of the reason why a filled-in cell gave none, else NULL."""

    value: str
    fault: str = "CAST(NULL AS VARCHAR)"


@dataclass(frozen=True)
class Reader:
    """Makes cells from the columns of some files.

    ``missing`` are the words that mean missing in every column; ``orders`` the SQL of the position of
    each row, from 1, by the key of the rule that dates rows by it.
    """

    columns: SourceColumns
    clock: Clock
    missing: tuple[str, ...] = ()
    orders: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    steps: Steps = field(default_factory=Steps)

    def cell(self, rule: ColumnRule, kind: ColumnType, key: str, is_id: bool = False) -> Cell:
        """Return the cell that a rule makes; ``key`` is its place in the table's part of the mapping.

        Raises:
            MappingError: when the rule names a column that is not there.
        """
        if rule.row_order is not None:
            return self._dated(rule, rule.row_order, key)
        direct = self._direct(rule, kind, key)
        if direct is not None:
            return direct
        text = self.text(rule, key)
        if kind == "text":
            return Cell(filled(text, self.steps) if is_id else text)
        given = filled(text, self.steps)
        moment = self._read(given, rule, kind)
        return Cell(self._shifted(moment.value, rule), self._fault(given, moment, kind, key))

    def text(self, rule: ColumnRule, key: str) -> str:
        """Return the SQL of a column as text, missing words and translations applied.

        Raises:
            MappingError: when the rule names a column that is not there.
        """
        text, steps = self._text(rule, key), self.steps
        words = [word.strip().lower() for word in (*self.missing, *rule.missing)]
        if words:
            is_missing = f"list_contains({steps.bind(words)}, {compared(text, steps)})"
            text = steps.let(f"CASE WHEN {is_missing} THEN NULL ELSE {text} END")
        if rule.decimal_comma:
            digits = f"replace(regexp_replace({text}, {steps.bind(_GROUPS)}, '', 'g'), ',', '.')"
            is_number = f"regexp_full_match({text}, {steps.bind(_COMMA_NUMBER)})"
            text = steps.let(f"CASE WHEN {is_number} THEN {digits} ELSE {text} END")
        return self._translated(text, rule) if rule.translate else text

    def as_written(self, column: SourceColumn) -> str:
        """Return the SQL of a column's cells as the file has them, as text."""
        return written(column.sql, column.kind, self.clock, self.steps)

    def _text(self, rule: ColumnRule, key: str) -> str:
        if rule.value is not None:
            return f"CAST({self.steps.bind(rule.value or None)} AS VARCHAR)"
        if rule.row_number is not None:
            return self.steps.let(f"concat({self.steps.bind(rule.row_number)}, r)")
        texts = [self.as_written(self.columns.named(name, key)) for name in rule.sources]
        if len(texts) == 1:
            return texts[0]
        return self.steps.let(f"nullif(concat_ws({self.steps.bind(rule.between)}, {', '.join(texts)}), '')")

    def _translated(self, text: str, rule: ColumnRule) -> str:
        bind = self.steps.bind
        choices = " ".join(
            f"WHEN {bind(word.strip().lower())} THEN {bind(meaning or None)}"
            for word, meaning in rule.translate.items()
        )
        return self.steps.let(f"CASE {compared(text, self.steps)} {choices} ELSE {text} END")

    def _direct(self, rule: ColumnRule, kind: ColumnType, key: str) -> Cell | None:
        """A column of Parquet that has the wanted type already needs no text in between."""
        if rule.column is None or rule.missing or rule.translate:
            return None
        column, steps = self.columns.named(rule.column, key), self.steps
        if kind == "number" and is_number(column.kind):
            number = steps.let(f"CAST({column.sql} AS DOUBLE)")
            return Cell(steps.let(f"CASE WHEN isfinite({number}) THEN {number} END"))
        if kind == "boolean" and column.kind == "BOOLEAN":
            return Cell(column.sql)
        if kind == "time" and is_time(column.kind):
            moment = possible(instant(column.sql, column.kind, self._clock(rule), steps), steps)
            text = steps.let(f"CAST({column.sql} AS VARCHAR)")
            return Cell(self._shifted(moment, rule), self._fault(text, Moment(moment, "true"), kind, key))
        return None

    def _read(self, text: str, rule: ColumnRule, kind: ColumnType) -> Moment:
        if kind == "number":
            return Moment(read_number(text, self.steps))
        if kind == "boolean":
            return Moment(read_truth(text, self.steps))
        return read_moment(text, rule.format, self._clock(rule), self.steps)

    def _clock(self, rule: ColumnRule) -> Clock:
        return Clock(rule.timezone or self.clock.zone, self.clock.change)

    def _dated(self, rule: ColumnRule, order: RowOrder, key: str) -> Cell:
        place, bind = self.orders[key], self.steps.bind
        start = to_microseconds(order.start, rule.timezone or self.clock.zone)
        moment = f"CAST(make_timestamp({bind(start)} + ({place} - 1) * {bind(order.step)}) AS TIMESTAMPTZ)"
        name = key.rpartition(".")[2]
        says = bind(f"{name}: {order.by} is empty, so that the row has no place in time")
        fault = self.steps.let(f"CASE WHEN {place} IS NULL THEN {says} END")
        return Cell(self._shifted(self.steps.let(moment), rule), fault)

    def _shifted(self, moment: str, rule: ColumnRule) -> str:
        if not rule.plus:
            return moment
        return self.steps.let(f"{moment} + to_microseconds({self.steps.bind(rule.plus)})")

    def _fault(self, given: str, moment: Moment, kind: ColumnType, key: str) -> str:
        bind = self.steps.bind
        start = bind(f"{key.rpartition('.')[2]}: '")
        shown = f"CASE WHEN length({given}) > {_SHOWN} THEN left({given}, {_SHOWN}) || '…' ELSE {given} END"
        words = f"CASE WHEN {moment.readable} THEN {bind(_DOUBTFUL)} ELSE {bind(_WORDS[kind])} END"
        reason = f"CASE WHEN {given} IS NOT NULL THEN {start} || {shown} || ''' ' || {words} END"
        return self.steps.let(f"CASE WHEN {moment.value} IS NULL THEN {reason} END")
