"""From a clause to what Great Expectations is to expect of which column, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from data_checks.clause import BlamingClause, Clause, RowClause, Terms
from data_checks.columns import Column
from data_checks.table_clauses import Freshness, MissingShare, Unique


@dataclass(frozen=True)
class Plan:
    """One expectation to be, on behalf of ``clause``: of what is ``seen`` in its field, row by row.

    ``view`` says how the field is looked at; ``expectation`` and ``arguments`` name and fill the
    expectation.
    """

    clause: Clause
    view: str
    seen: pd.Series
    expectation: str
    arguments: Mapping[str, Any]


def plan(clause: Clause, column: Column, terms: Terms) -> Plan | None:
    """Return the plan for one clause, or None when ``terms`` lack what it needs to be checked."""
    if isinstance(clause, RowClause):
        return _of_row_clause(clause, column, terms)
    if isinstance(clause, Unique):
        seen = column.folded(hidden=clause.field in terms.hidden)
        return Plan(clause, "evened out", seen, "expect_column_values_to_be_unique", _tolerance(clause))
    if isinstance(clause, MissingShare):
        enough = {"mostly": round(1 - clause.at_most, 12)}
        return Plan(clause, "filled in", column.presence(), "expect_column_values_to_not_be_null", enough)
    if isinstance(clause, Freshness) and terms.now is not None:
        newest = {"max_value": clause.within_days}
        return Plan(clause, "age in days", column.ages(terms.now), "expect_column_min_to_be_between", newest)
    return None


def _of_row_clause(clause: RowClause, column: Column, terms: Terms) -> Plan | None:
    seen = column.through(clause, terms)
    if seen is None:
        return None
    asked = clause.predicate(terms)
    return Plan(clause, clause.view, seen, asked.expectation, {**asked.arguments(), **_tolerance(clause)})


def _tolerance(clause: BlamingClause) -> dict[str, float]:
    limit = clause.stops_above
    return {"mostly": round(1 - limit, 12)} if limit else {}
