"""The check of one lead, at the moment it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType
from typing import Final, Literal

from data_checks.agreement import Agreement
from data_checks.clause import RowClause, TableName, Terms
from data_checks.folding import is_missing
from data_checks.house_clauses import house_clauses
from data_checks.reading import moment_text
from data_checks.row_clauses import Required

Cell = str | int | None
"""The text of a cell, or a moment in microseconds since 1970 UTC."""
Judgement = Callable[[Cell], "Issue | None"]

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
        return next(self.check_each((fields,), now))

    def check_each(
        self, rows: Iterable[Mapping[str, Cell]], now: int | None = None
    ) -> Iterator[tuple[Issue, ...]]:
        """Yield for each row what :meth:`check` returns; the rules about age are made ready once.

        A moment may be given as microseconds since 1970 UTC instead of its text.
        """
        asked = [(judge.field, judge.at(now)) for judge in self._judges]
        for row in rows:
            issues = (ask(row.get(field)) for field, ask in asked)
            yield tuple(issue for issue in issues if issue is not None)

    @property
    def fields(self) -> tuple[str, ...]:
        """The columns that are looked at, each once."""
        return tuple(dict.fromkeys(judge.field for judge in self._judges))


class _Judge:
    """One clause, ready to be asked of one text after another.

    Most texts come again and again, so short ones are remembered with their answer; texts of hidden
    fields are not kept, and a clause about age is made ready anew for each moment.
    """

    def __init__(self, clause: RowClause, terms: Terms) -> None:
        self.field = clause.field
        self._clause, self._terms = clause, terms
        self._timeless = self._ready(terms)

    def at(self, now: int | None) -> Judgement:
        """Return the question as it is asked at a moment."""
        if self._timeless is not None:
            return self._timeless
        return self._ready(replace(self._terms, now=now)) or _no_issue

    def _ready(self, terms: Terms) -> Judgement | None:
        read, holds, clause = self._clause.reader(terms), self._clause.predicate(terms).holds, self._clause
        if read is None:
            return None
        asks_all, on_moments = isinstance(clause, Required), clause.of_moments(terms)

        def judge(cell: Cell) -> Issue | None:
            if isinstance(cell, int):
                if on_moments is not None and holds(on_moments(cell)):
                    return None
                cell = moment_text(cell)
            if cell is None or is_missing(cell):
                return _issue(clause, None, terms) if asks_all else None
            seen = read(cell)
            return None if seen is None or holds(seen) else _issue(clause, cell, terms)

        if terms.now is not None or clause.field in terms.hidden:
            return judge
        remembered = lru_cache(maxsize=_REMEMBERED)(judge)
        return lambda cell: (judge if isinstance(cell, str) and len(cell) > _SHORT else remembered)(cell)


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


def _no_issue(cell: Cell) -> None:  # noqa: ARG001
    return None
