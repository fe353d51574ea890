"""Rules for rows, in SQL."""

from __future__ import annotations

from pipeline.sources.cells import Reader
from pipeline.sources.column_rule import ColumnRule, to_microseconds
from pipeline.sources.row_rule import RowRule
from pipeline.sources.white_space import compared


def condition(rule: RowRule, reader: Reader, key: str) -> str:
    """Return the SQL of a rule: true, false, or NULL where it cannot be answered.

    It can be answered for every text; a comparison of moments or numbers needs a cell that is one.

    Raises:
        MappingError: when the rule names a column that is not there.
    """
    source = ColumnRule(column=rule.column, format=rule.format, timezone=rule.timezone)
    tests = [*_of_texts(rule, reader, reader.text(source, key)), *_of_bounds(rule, reader, source, key)]
    return reader.steps.let(" AND ".join(f"({test})" for test in tests))


def _of_texts(rule: RowRule, reader: Reader, text: str) -> list[str]:
    bind, tests = reader.steps.bind, []
    for words, sign in ((rule.is_, ""), (rule.not_, "NOT ")):
        if words:
            folded = bind([word.strip().lower() for word in words])
            tests.append(f"{sign}coalesce(list_contains({folded}, {compared(text, reader.steps)}), false)")
    for pattern, sign in ((rule.matches, ""), (rule.not_matches, "NOT ")):
        if pattern is not None:
            tests.append(f"{sign}coalesce(regexp_matches({text}, {bind(pattern)}), false)")
    return tests


def _of_bounds(rule: RowRule, reader: Reader, source: ColumnRule, key: str) -> list[str]:
    bind, tests = reader.steps.bind, []
    zone = rule.timezone or reader.clock.zone
    for moment, sign in ((rule.since, ">="), (rule.before, "<")):
        if moment is not None:
            bound = f"CAST(make_timestamp({bind(to_microseconds(moment, zone))}) AS TIMESTAMPTZ)"
            tests.append(f"{reader.cell(source, 'time', key).value} {sign} {bound}")
    for number, sign in ((rule.at_least, ">="), (rule.at_most, "<=")):
        if number is not None:
            tests.append(f"{reader.cell(source, 'number', key).value} {sign} {bind(number)}")
    return tests
