"""The check of one lead, at the moment it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType
from typing import Final, Literal

from data_checks.agreement import Agreement
from data_checks.clause import RowClause, TableName, Terms
from data_checks.folding import is_missing
from data_checks.house_clauses import house_clauses
from data_checks.row_clauses import Required

_NOTHING_KNOWN: Final[Mapping[str, frozenset[str]]] = MappingProxyType({})
_REMEMBERED: Final = 4096
_SHORT: Final = 80


@dataclass(frozen=True)
class Issue:
    """One rule that a lead breaks: which field, which rule, in words, and what follows for the lead."""

    field: str
    rule: str
    message: str
    breach: Literal["reject", "flag"]


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
        clauses = [c for c in (*house_clauses(agreement), *agreement.lead_data) if isinstance(c, RowClause)]
        self._terms = agreement.terms(known=known)
        self._judges = tuple(_Judge(clause, self._terms) for clause in clauses if clause.table == table)

    def check(self, fields: Mapping[str, str | None], now: int | None = None) -> tuple[Issue, ...]:
        """Return what the row breaks, house rules first, in the order of the agreement.

        ``fields`` are the row's columns as text; an absent one counts as missing. ``now``, in
        microseconds since 1970 UTC, is needed by the rules about age; without it they are not asked.
        """
        issues = (judge.at(now)(fields.get(judge.field)) for judge in self._judges)
        return tuple(issue for issue in issues if issue is not None)


class _Judge:
    """One clause, ready to be asked of one text after another.

    Most texts come again and again, so short ones are remembered with their answer; texts of hidden
    fields are not kept, and a clause about age is made ready anew for each moment.
    """

    def __init__(self, clause: RowClause, terms: Terms) -> None:
        self.field = clause.field
        self._clause, self._terms = clause, terms
        self._timeless = self._ready(terms)

    def at(self, now: int | None) -> Callable[[str | None], Issue | None]:
        """Return the question as it is asked at a moment."""
        if self._timeless is not None:
            return self._timeless
        return self._ready(replace(self._terms, now=now)) or _no_issue

    def _ready(self, terms: Terms) -> Callable[[str | None], Issue | None] | None:
        read, holds, clause = self._clause.reader(terms), self._clause.predicate(terms).holds, self._clause
        if read is None:
            return None
        asks_all = isinstance(clause, Required)

        def judge(text: str | None) -> Issue | None:
            if text is None or is_missing(text):
                return _issue(clause, None, terms) if asks_all else None
            seen = read(text)
            return None if seen is None or holds(seen) else _issue(clause, text, terms)

        if terms.now is not None or clause.field in terms.hidden:
            return judge
        remembered = lru_cache(maxsize=_REMEMBERED)(judge)
        return lambda text: (remembered if text is None or len(text) <= _SHORT else judge)(text)


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


def _issue(clause: RowClause, text: str | None, terms: Terms) -> Issue:
    return Issue(clause.field, clause.name, clause.complaint(text, terms), clause.row_breach)


def _no_issue(text: str | None) -> None:  # noqa: ARG001
    return None
