"""The check of one lead, at the moment it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Final, Literal

from data_checks.agreement import Agreement
from data_checks.clause import Reader, RowClause, TableName, Terms
from data_checks.folding import is_missing
from data_checks.house_clauses import house_clauses
from data_checks.row_clauses import Required

_NOTHING_KNOWN: Final[Mapping[str, frozenset[str]]] = MappingProxyType({})


@dataclass(frozen=True)
class Issue:
    """One rule that a lead breaks: which field, which rule, in words, and what follows for the lead."""

    field: str
    rule: str
    message: str
    breach: Literal["reject", "flag"]


@dataclass(frozen=True)
class _Compiled:
    clause: RowClause
    read: Reader
    holds: Callable[[object], bool]


class LeadChecker:
    """The clauses of an agreement that one row can keep or break, compiled once and asked often.

    ``known`` are the ids of other tables by ``table.column``; a reference to a table that is not known
    is not checked. ``table`` may name another table, whose rows are then checked.
    """

    def __init__(
        self,
        agreement: Agreement,
        known: Mapping[str, frozenset[str]] = _NOTHING_KNOWN,
        table: TableName = "leads",
    ) -> None:
        clauses = (*house_clauses(agreement), *agreement.lead_data)
        self._clauses = tuple(c for c in clauses if isinstance(c, RowClause) and c.table == table)
        self._fields = tuple({clause.field for clause in self._clauses})
        self._terms = agreement.terms(known=known)
        self._ready = _compiled(self._clauses, self._terms)
        self._waiting = tuple(c for c in self._clauses if c.reader(self._terms) is None)

    def check(self, fields: Mapping[str, str | None], now: int | None = None) -> tuple[Issue, ...]:
        """Return what the row breaks, house rules first, in the order of the agreement.

        ``fields`` are the row's columns as text; an absent one counts as missing. ``now``, in
        microseconds since 1970 UTC, is needed by the rules about age; without it they are not asked.
        """
        terms, clauses = self._terms, self._ready
        if now is not None and self._waiting:
            terms = Terms(terms.scales, terms.known, now, terms.hidden)
            clauses = clauses + _compiled(self._waiting, terms)
        filled = {field: text for field in self._fields if not is_missing(text := fields.get(field))}
        return tuple(_issue(c.clause, filled, terms) for c in clauses if _breaks(c, filled))


def check_lead(
    agreement: Agreement,
    fields: Mapping[str, str | None],
    known: Mapping[str, frozenset[str]] | None = None,
    now: int | None = None,
) -> tuple[Issue, ...]:
    """Return what one lead breaks of the agreement; see :class:`LeadChecker`, which is faster for many."""
    checker = _checker(agreement) if known is None else LeadChecker(agreement, known)
    return checker.check(fields, now)


@lru_cache(maxsize=8)
def _checker(agreement: Agreement) -> LeadChecker:
    return LeadChecker(agreement)


def _compiled(clauses: tuple[RowClause, ...], terms: Terms) -> tuple[_Compiled, ...]:
    readers = ((clause, clause.reader(terms)) for clause in clauses)
    return tuple(_Compiled(c, read, c.predicate(terms).holds) for c, read in readers if read is not None)


def _breaks(compiled: _Compiled, filled: Mapping[str, str | None]) -> bool:
    text = filled.get(compiled.clause.field)
    if text is None:
        return not compiled.holds(None) if isinstance(compiled.clause, Required) else False
    seen = compiled.read(text)
    return seen is not None and not compiled.holds(seen)


def _issue(clause: RowClause, filled: Mapping[str, str | None], terms: Terms) -> Issue:
    message = clause.complaint(filled.get(clause.field), terms)
    return Issue(clause.field, clause.name, message, clause.row_breach)
