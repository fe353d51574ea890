"""Activities and stage changes of a lead that break a rule are left out, and that is said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from data_checks.agreement import Agreement
from data_checks.instant import Issue
from data_checks.reading import parse_time
from data_checks.rows_of_lead import HAPPENED_AT, ROW_TABLES, Placed, RowBreach, RowChecker, RowTable
from features.lead_input import LeadInput
from features.moments import NEVER

MOST_ISSUES: Final = 20
"""So many issues are told of a lead's rows of one table; the rest are counted."""

_NOUNS: Final[Mapping[RowTable, str]] = {"activities": "activity", "stage_changes": "stage change"}


class RowSieve:
    """Does to the rows of one lead what the checks of a whole history do to them.

    A row that breaks a house rule or a clause with ``reject`` is set aside, its lead is scored
    without it; an impossible time that a row can do without is taken away; ``flag`` reports only.
    """

    def __init__(self, agreement: Agreement, known: Mapping[str, frozenset[str]]) -> None:
        self._checkers = {table: RowChecker(agreement, known, table) for table in ROW_TABLES}

    def sift(self, lead: LeadInput) -> tuple[LeadInput, tuple[Issue, ...]]:
        """Return the lead with the rows that may be used, and what is to be said of the others."""
        created = parse_time(lead.fields.get("created_at"))
        sifted = {table: self._sift(table, lead, created) for table in ROW_TABLES}
        kept: dict[str, Any] = {table: rows for table, (rows, _) in sifted.items()}
        if all(len(rows) == len(getattr(lead, table)) for table, rows in kept.items()) and not any(
            issues for _, issues in sifted.values()
        ):
            return lead, ()
        return replace(lead, **kept), tuple(issue for _, issues in sifted.values() for issue in issues)

    def _sift(
        self, table: RowTable, lead: LeadInput, created: int | None
    ) -> tuple[tuple[Any, ...], tuple[Issue, ...]]:
        happened, checker = HAPPENED_AT[table], self._checkers[table]
        rows = [one for one in enumerate(getattr(lead, table)) if getattr(one[1], happened) != NEVER]
        house = tuple(checker.house_breaches(rows, created))
        rows = _without(rows, house)
        agreed = tuple(checker.agreed_breaches(rows, lead.lead_id, lead.as_of))
        issues = tuple(_issues(table, (*house, *agreed)))
        return tuple(row for _, row in _without(rows, agreed)), issues


def _without(rows: list[Placed], breaches: Sequence[RowBreach]) -> list[Placed]:
    if not breaches:
        return rows
    aside = _aside(breaches)
    blank: dict[int, dict[str, None]] = {}
    for breach in breaches:
        if breach.fate == "blank":
            blank.setdefault(breach.position, {})[breach.field] = None
    return [
        (place, row._replace(**blank[place]) if place in blank else row)
        for place, row in rows
        if place not in aside
    ]


def _issues(table: RowTable, breaches: Sequence[RowBreach]) -> Iterator[Issue]:
    aside = _aside(breaches)
    told = [one for one in breaches if one.fate == "quarantine" or one.position not in aside]
    for breach in sorted(told, key=lambda one: one.position)[:MOST_ISSUES]:
        path = f"{table}[{breach.position}].{breach.field}"
        yield Issue(path, breach.rule, _consequence(table, breach) + breach.message, "flag")
    if len(told) > MOST_ISSUES:
        more = f"{len(told) - MOST_ISSUES:,} more breaches, {len(aside):,} rows were not used in all"
        yield Issue(table, "more", f"at most {MOST_ISSUES} are told; found {more}. Next: see those.", "flag")


def _consequence(table: RowTable, breach: RowBreach) -> str:
    if breach.fate == "quarantine":
        return f"this {_NOUNS[table]} was not used: "
    return f"this {breach.field} was not used: " if breach.fate == "blank" else ""


def _aside(breaches: Sequence[RowBreach]) -> frozenset[int]:
    return frozenset(one.position for one in breaches if one.fate == "quarantine")
