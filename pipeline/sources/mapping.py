"""The mapping: how a CRM's export becomes the tables, as data."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, ValidationError, field_validator, model_validator

from data_checks.faults import FaultyDocument, refuse
from pipeline.sources.clashes import of_tables
from pipeline.sources.clock import ClockChange
from pipeline.sources.column_rule import Column, ColumnRule, TimeZone
from pipeline.sources.durations import Duration
from pipeline.sources.mapping_faults import mapping_faults
from pipeline.sources.row_rule import RowRule
from pipeline.sources.section import Name, OneOrMany, Section
from pipeline.sources.strict_yaml import read_texts


def _known_encoding(name: str) -> str:
    try:
        "a".encode(name)
    except LookupError as error:
        raise ValueError(f"an encoding has a name like utf-8, cp1252 or utf-16, not {name!r}") from error
    return name


def _one_sign(text: str) -> str:
    if len(text) != 1 or text.isalnum() or text in "\"'\r\n":
        raise ValueError(f"a separator is one sign such as ';' or a tab, not {text!r}")
    return text


class FileFormat(Section):
    """How a text file is written, where that cannot be seen from the file."""

    encoding: Annotated[str, AfterValidator(_known_encoding)] = "utf-8"
    separator: Annotated[str, AfterValidator(_one_sign)] | None = None


class Join(Section):
    """A second file laid beside the first, row by row; its columns are then called ``as.column``.

    ``match`` pairs a column of the first file with one of the second, in which a key stands only once.
    """

    file: Name
    as_: Annotated[str, Field(alias="as", pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]
    match: Annotated[Mapping[Name, Name], Field(min_length=1)]


class Outcome(Section):
    """A stage that leads reached, as the rows of ``leads`` tell it: a row of ``stage_changes`` each.

    Either ``at``, the moment (reached where it is filled in), or ``when``, a flag; a flag has no date,
    so the stage counts as reached ``after`` so long from ``created_at``.
    """

    stage: Name
    at: Column | None = None
    when: OneOrMany[RowRule] = ()
    after: Duration = 0

    @model_validator(mode="after")
    def _has_one_sign(self) -> Self:
        if (self.at is None) == (self.when == ()):
            raise ValueError("an outcome has either at (a date) or when (a flag)")
        if self.at is not None and self.after:
            raise ValueError("after belongs to when; a date is shifted with {column: ..., plus: ...}")
        return self

    @property
    def sources(self) -> tuple[str, ...]:
        """The columns of the file that tell the outcome, which a lead's own columns must not."""
        return (*(rule.column for rule in self.when), *(self.at.sources if self.at else ()))


class TableRule(Section):
    """How the rows of one table are made from a file.

    A column that the file has under the table's own name needs no entry. ``other_columns`` says what
    becomes of further columns of ``leads``; those that tell an outcome are never kept.
    """

    file: Name
    join: OneOrMany[Join] = ()
    where: OneOrMany[RowRule] = ()
    one_row_per: Name | None = None
    keep: Literal["first", "last"] = "first"
    order_by: Column | None = None
    columns: Mapping[Name, Column] = {}
    other_columns: Literal["keep", "snake_case", "drop"] = "keep"
    drop: OneOrMany[str] = ()
    outcome: OneOrMany[Outcome] = ()

    @property
    def rules(self) -> Mapping[str, ColumnRule]:
        """The rules of all columns, under the path that a message names."""
        outcomes = {f"outcome[{i}].at": outcome.at for i, outcome in enumerate(self.outcome)}
        columns = {f"columns.{name}": rule for name, rule in self.columns.items()}
        return columns | {path: rule for path, rule in outcomes.items() if rule is not None}


class SourceMapping(Section):
    """How the files of a folder become the tables of a CRM's history.

    A time without an offset is local time of ``timezone``; one that happened twice, because clocks
    were set back, is refused or read as the ``earlier`` or ``later``, as ``clock_change`` says.
    """

    timezone: TimeZone = "UTC"
    clock_change: ClockChange = "refuse"
    missing: OneOrMany[str] = ()
    files: Mapping[Name, FileFormat] = {}
    tables: Mapping[str, OneOrMany[TableRule]]

    @field_validator("tables")
    @classmethod
    def _fit(cls, tables: Mapping[str, tuple[TableRule, ...]]) -> Mapping[str, tuple[TableRule, ...]]:
        refuse(of_tables(tables))
        return tables


def load_mapping(path: Path | str) -> SourceMapping:
    """Read a mapping.

    Raises:
        FaultyDocument: when it is not a mapping; its ``faults`` name each place, value and next step.
        MappingError: when there is no such file, or it is not YAML in UTF-8.
    """
    document = read_texts(Path(path))
    try:
        return SourceMapping.model_validate(document.data)
    except ValidationError as error:
        raise FaultyDocument(str(path), mapping_faults(error, document)) from error
