"""The agreement's clauses, asked of the tables through Great Expectations."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from data_checks import expectations
from data_checks.agreement import Agreement
from data_checks.clause import BlamingClause, Breach, Clause, TableName, Terms
from data_checks.columns import Column
from data_checks.expectations import Validation
from data_checks.plans import Plan, plan
from data_checks.row_clauses import Reference, Required
from data_checks.rulings import Ruling, ruling_on
from data_checks.shaping import nearest
from data_checks.tables import CrmHistory


@dataclass(frozen=True)
class RuledTable:
    """The clauses that a table breaks, and what Great Expectations said, if it was asked."""

    rulings: tuple[Ruling, ...]
    validation: Validation | None


def ruled_tables(history: CrmHistory, agreement: Agreement, now: int) -> dict[TableName, RuledTable]:
    """Ask each table the clauses that the agreement has for it."""
    terms = agreement.terms(known=known_ids(history, agreement), now=now)
    tables = dict.fromkeys(clause.table for clause in agreement.lead_data)
    return {table: _ruled_table(table, history, agreement, terms) for table in tables}


def known_ids(history: CrmHistory, agreement: Agreement) -> dict[str, frozenset[str]]:
    """Return the ids in which the agreement's references are looked up, by ``table.column``.

    A table that the source does not have is left out: what refers to it cannot be checked.
    """
    known = {}
    for to in {clause.to for clause in agreement.lead_data if isinstance(clause, Reference)}:
        table, _, column = to.partition(".")
        if table not in history.absent and column in (frame := getattr(history, table)):
            known[to] = frozenset(frame[column].dropna().astype(str).str.strip())
    return known


def _ruled_table(table: TableName, history: CrmHistory, agreement: Agreement, terms: Terms) -> RuledTable:
    frame = pd.DataFrame() if table in history.absent else getattr(history, table)
    clauses = {name: clause for name, clause in agreement.clauses.items() if clause.table == table}
    columns = {
        clause.field: Column(frame[clause.field]) for clause in clauses.values() if clause.field in frame
    }
    plans: dict[str, Plan] = {}
    rulings: list[Ruling] = []
    for name, clause in clauses.items():
        planned = plan(clause, columns[clause.field], terms) if clause.field in columns else None
        if planned is None:
            rulings.append(_unchecked(name, clause, frame))
        else:
            plans[name] = planned
    validation = expectations.validate(table, plans) if plans else None
    for verdict in validation.verdicts if validation else ():
        broken = len(verdict.rows) > 0 if isinstance(verdict.clause, BlamingClause) else not verdict.kept
        if broken:
            rulings.append(ruling_on(verdict, columns[verdict.clause.field], terms))
    return RuledTable(tuple(rulings), validation)


def _unchecked(identifier: str, clause: Clause, frame: pd.DataFrame) -> Ruling:
    """A clause about what the source does not have: no row is to blame, and no row was checked."""
    absent = clause.to if isinstance(clause, Reference) and clause.field in frame else clause.field
    meant = nearest(absent, [str(column) for column in frame.columns])
    bring = f"rename {meant!r} to {absent!r}, or map it" if meant else f"bring {absent!r} with the export"
    vital = clause.breach == "stop" or (isinstance(clause, Required) and clause.breach == "reject")
    breach: Breach = "stop" if vital else "flag"
    return Ruling(
        clause=identifier,
        table=clause.table,
        field=clause.field,
        rule=clause.name,
        breach=breach,
        law=f"{clause.field} {clause.sentence()}",
        next_step=f"{bring}, or take the clause out of the agreement",
        rows=np.empty(0, dtype=np.int64),
        total=len(frame),
        found=f"no {absent!r}, so that this cannot be checked",
    )
