"""What the agreement's clauses say of the lead columns that features read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar

from data_checks.agreement import Agreement
from data_checks.clause import Clause
from data_checks.folding import fold
from data_checks.row_clauses import Allowed

C = TypeVar("C", bound=Clause)


def lead_clauses(agreement: Agreement, kind: type[C]) -> Iterator[C]:
    """Yield the clauses of one kind that are about the table ``leads``."""
    return (clause for clause in agreement.lead_data if isinstance(clause, kind) and clause.table == "leads")


def spellings_of(agreement: Agreement) -> Mapping[str, Mapping[str, str]]:
    """Return for each column the folded further spellings of its agreed values, and what they stand for."""
    return {
        clause.field: {text: fold(value) for text, value in clause.spellings.items() if text != fold(value)}
        for clause in lead_clauses(agreement, Allowed)
    }


def canonical_of(agreement: Agreement) -> Mapping[str, Mapping[str, str]]:
    """Return for each column with agreed values how each of them, folded, is written."""
    return {
        clause.field: {fold(value): value for value in clause.spellings.values()}
        for clause in lead_clauses(agreement, Allowed)
    }
