"""House rules on values: stages that the agreement knows, finite numbers, columns that exist."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from data_checks.columns import Column
from data_checks.house_clauses import house_clauses
from data_checks.house_table import HouseTable
from data_checks.rulings import Ruling, ruling_on
from data_checks.tables import SHAPES
from data_checks.verdicts import Verdict


def by_clauses(table: HouseTable) -> Iterator[Ruling]:
    """The house rules that one lead can be asked too, and the stages of the stage changes."""
    terms = table.agreement.terms(now=table.now)
    columns: dict[str, Column] = {}
    clauses = (clause for clause in house_clauses(table.agreement) if clause.table == table.name)
    for clause in clauses:
        column = columns.get(clause.field) or Column(table.frame[clause.field])
        columns[clause.field] = column
        rows = column.broken_by(clause, terms)
        identifier = f"house.{table.name}.{clause.field}.{clause.name}"
        judged = len(column) if clause.name == "required" else int(column.filled.sum())
        ruling = ruling_on(Verdict(identifier, clause, not len(rows), rows, judged), column, terms)
        yield replace(ruling, fate="blank") if clause.field == "converted_at" else ruling


def unbounded(table: HouseTable) -> Iterator[Ruling]:
    """A number of the tables is finite; an infinite one is read as missing."""
    for field, kind in SHAPES[table.name].columns.items():
        if kind == "number":
            yield table.ruling(
                field,
                "finite",
                np.isinf(table.frame[field].to_numpy(dtype=float)),
                f"{field} is a finite number",
                f"correct {field} at its source",
                fate="blank",
            )


def of_no_column(table: HouseTable) -> Iterator[Ruling]:
    """A field change names a column that leads have."""
    if table.name == "field_changes":
        known = table.frame["field"].isin(list(table.leads.columns))
        yield table.ruling(
            "field",
            "of_a_column",
            (~known & table.frame["field"].notna()).to_numpy(),
            "field names a column of leads",
            "export the column with the leads, or map the field's name to it",
            fate="stay",
        )
