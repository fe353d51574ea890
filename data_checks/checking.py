"""The check of a whole history: the house rules, the agreement's clauses, and what follows from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, get_args

import numpy as np
import pandas as pd

from data_checks.agreed_rules import ruled_tables
from data_checks.agreement import Agreement
from data_checks.clause import RowClause, TableName, Terms
from data_checks.columns import Column, Positions
from data_checks.data_docs import write_data_docs
from data_checks.findings import Checked, Finding, StopBreach
from data_checks.house_rules import house_rulings
from data_checks.house_table import HouseTable, moments_of, places_in
from data_checks.rows_of_lead import HAPPENED_AT, ROW_TABLES
from data_checks.rulings import Ruling, ruling_on
from data_checks.shaping import shaped
from data_checks.sifting import joined, sift
from data_checks.tables import CrmHistory
from data_checks.verdicts import Verdict

TABLES: Final[tuple[TableName, ...]] = get_args(TableName)


def check_history(
    history: CrmHistory, agreement: Agreement, now: int | datetime, docs_dir: Path | None = None
) -> Checked:
    """Check a history as of ``now`` (a time, or microseconds since 1970 UTC) and part it.

    The findings and the Data Docs are written to ``docs_dir``, if it is given, before a breach is raised.

    Raises:
        BatonError: when a table lacks a column that it cannot do without.
        StopBreach: when a clause that stops the run is broken, or every lead had to be set aside.
    """
    moment = now if isinstance(now, int) else _microseconds(now)
    source = shaped(history)
    housed = sift(source, _house_rulings(source, agreement, moment))
    ruled = ruled_tables(housed.clean, agreement, moment)
    agreed = sift(housed.clean, {table: one.rulings for table, one in ruled.items()})
    followed = sift(agreed.clean, _of_leads_set_aside(agreed.clean))
    checked = _refusing_emptiness(joined((housed, agreed, followed)), len(source.leads))
    if docs_dir is not None:
        validations = [one.validation for one in ruled.values() if one.validation]
        write_data_docs(validations, checked.findings, agreement.hidden, docs_dir)
    if any(finding.breach == "stop" for finding in checked.findings):
        raise StopBreach(checked.findings)
    return checked


def check_house_rules(history: CrmHistory, agreement: Agreement, now: int) -> Checked:
    """Part a history by the house rules alone, as before a batch of leads is scored.

    The agreement's own clauses are then asked of each lead as it was at its moment.

    Raises:
        BatonError: when a table lacks a column that it cannot do without.
    """
    source = shaped(history)
    housed = sift(source, _house_rulings(source, agreement, now))
    return joined((housed, sift(housed.clean, _of_leads_set_aside(housed.clean))))


def check_agreed_rows(
    history: CrmHistory, agreement: Agreement, known: Mapping[str, frozenset[str]], as_of: int
) -> Checked:
    """Part the activities and stage changes by the clauses that one row can keep or break.

    It is what a lead's rows are asked at the endpoint, of all leads at once: ``known`` are the ids that
    references lead to, and rows after ``as_of`` are not looked at.
    """
    terms = agreement.terms(known=known, now=as_of)
    rulings: dict[str, list[Ruling]] = {}
    for identifier, clause in agreement.clauses.items():
        if isinstance(clause, RowClause) and clause.table in ROW_TABLES:
            ruling = _agreed_ruling(identifier, clause, getattr(history, clause.table), terms)
            rulings.setdefault(clause.table, []).append(ruling)
    return sift(history, rulings)


def _agreed_ruling(identifier: str, clause: RowClause, frame: pd.DataFrame, terms: Terms) -> Ruling:
    column = Column(frame[clause.field])
    broken = column.broken_by(clause, terms)
    happened = moments_of(frame[HAPPENED_AT[clause.table]])[broken]
    rows = broken[happened <= terms.now] if terms.now is not None else broken
    return ruling_on(Verdict(identifier, clause, not len(rows), rows, len(column)), column, terms)


def _house_rulings(source: CrmHistory, agreement: Agreement, now: int) -> dict[str, tuple[Ruling, ...]]:
    return {
        table: house_rulings(HouseTable(table, getattr(source, table), agreement, now, source.leads))
        for table in TABLES
    }


def _of_leads_set_aside(history: CrmHistory) -> dict[str, list[Ruling]]:
    rulings: dict[str, list[Ruling]] = {}
    for table in TABLES:
        frame = getattr(history, table)
        if table != "leads" and "lead_id" in frame:
            orphans = np.flatnonzero(places_in(frame["lead_id"], history.leads["lead_id"]) < 0)
            rulings[table] = [_orphaned(table, orphans, len(frame))] if len(orphans) else []
    return rulings


def _orphaned(table: TableName, rows: Positions, total: int) -> Ruling:
    law = "the lead of each row was not set aside"
    next_step = "see why the lead was set aside"
    return Ruling(
        clause=f"house.{table}.lead_id.lead_set_aside",
        table=table,
        field="lead_id",
        rule="lead_set_aside",
        breach="reject",
        law=law,
        next_step=next_step,
        rows=rows,
        total=total,
        reasons=f"its lead was set aside. Next: {next_step}.",
        fate="quarantine",
    )


def _refusing_emptiness(checked: Checked, leads: int) -> Checked:
    if len(checked.clean.leads) or not leads:
        return checked
    message = (
        f"leads: at least one lead can be used; found that all {leads:,} were set aside. The run stops. "
        "Next: see the findings with the most rows, they name the columns or clauses to repair."
    )
    nothing_left = Finding(
        "house.leads.some_left", "leads", "lead_id", "some_left", "stop", message, leads, leads
    )
    return replace(checked, findings=(*checked.findings, nothing_left))


def _microseconds(now: datetime) -> int:
    aware = now if now.tzinfo else now.replace(tzinfo=UTC)
    return (aware - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
