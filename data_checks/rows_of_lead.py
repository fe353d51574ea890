"""The check of one lead's activities, or of its stage changes, at the moment the lead is asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Final, Literal

from data_checks.agreement import Agreement
from data_checks.fates import Fate
from data_checks.house_clauses import possible_moments
from data_checks.house_laws import AFTER_ITS_LEAD, COPY, POSSIBLE, REQUIRED, UNIQUE, HouseLaw
from data_checks.instant import Cell, LeadChecker
from data_checks.reading import moment_text

RowTable = Literal["activities", "stage_changes"]
ROW_TABLES: Final[tuple[RowTable, ...]] = ("activities", "stage_changes")
HAPPENED_AT: Final[Mapping[str, str]] = {"activities": "occurred_at", "stage_changes": "changed_at"}
"""The column that says when a row's event happened."""

# What a row says, when it happened, and when the CRM knew it.
_HOUSE_COLUMNS: Final[Mapping[RowTable, tuple[str, str, str]]] = {
    "activities": ("activity_type", "occurred_at", "recorded_at"),
    "stage_changes": ("stage", "changed_at", "changed_at"),
}

Placed = tuple[int, Any]
"""A row, which has the table's columns as attributes, and its position among those of its lead."""


@dataclass(frozen=True, slots=True)
class RowBreach:
    """One rule that a row breaks: which row, field and rule, in words, and what becomes of the row."""

    position: int
    field: str
    rule: str
    message: str
    fate: Fate


class RowChecker:
    """The rules that one lead's rows of a table can keep or break, compiled once and asked often.

    They are those that a whole history is held to: the house's, and the agreement's row clauses. Only
    that an id belongs to one lead takes all leads to see. ``known`` is as for `LeadChecker`. Moments
    are microseconds since 1970 UTC.
    """

    def __init__(self, agreement: Agreement, known: Mapping[str, frozenset[str]], table: RowTable) -> None:
        self._clauses = LeadChecker(agreement, known, table)
        self._asked = tuple(name for name in self._clauses.fields if name != "lead_id")
        self._happened = HAPPENED_AT[table]
        self._columns = _HOUSE_COLUMNS[table]
        self._parts = attrgetter(*self._columns)
        self._id = "activity_id" if table == "activities" else None

    def house_breaches(self, rows: Sequence[Placed], created: int | None) -> Iterator[RowBreach]:
        """Yield what the rows break of the house rules; ``created`` is the lead's creation, if known."""
        earliest, latest = possible_moments()
        since = earliest if created is None else max(earliest, created)
        for position, row in rows:
            word, moment, recorded = self._parts(row)
            soundly_recorded = recorded is None or earliest <= recorded <= latest
            if not (since <= moment <= latest and soundly_recorded and word and not word.isspace()):
                yield from self._unsound(position, (word, moment, recorded), created)
        yield from self._repeated(rows)

    def agreed_breaches(self, rows: Sequence[Placed], lead_id: str, as_of: int) -> Iterator[RowBreach]:
        """Yield what the rows break of the clauses; those after ``as_of`` are not looked at."""
        if not self._clauses.fields:
            return
        past = [(position, row) for position, row in rows if getattr(row, self._happened) <= as_of]
        cells = (self._cells(row, lead_id) for _, row in past)
        for (position, _), issues in zip(past, self._clauses.check_each(cells, as_of), strict=True):
            for issue in issues:
                fate: Fate = "quarantine" if issue.breach == "reject" else "flag"
                yield RowBreach(position, issue.field, issue.rule, issue.message, fate)

    def _unsound(
        self, position: int, parts: tuple[str, int, int | None], created: int | None
    ) -> Iterator[RowBreach]:
        (word, moment, recorded), (in_word, in_moment, in_recorded) = parts, self._columns
        earliest, latest = possible_moments()
        if not word or word.isspace():
            yield _breach(position, in_word, REQUIRED, None, "quarantine")
        if not earliest <= moment <= latest:
            yield _breach(position, in_moment, POSSIBLE, moment, "quarantine")
        elif recorded is not None and not earliest <= recorded <= latest:
            yield _breach(position, in_recorded, POSSIBLE, recorded, "blank")
        if created is not None and moment < created:
            yield _breach(position, in_moment, AFTER_ITS_LEAD, moment, "flag")

    def _repeated(self, rows: Sequence[Placed]) -> Iterator[RowBreach]:
        keys = [getattr(row, self._id) if self._id else row for _, row in rows]
        counts = Counter(key for key in keys if key is not None)
        if len(counts) == counts.total():
            return
        field = self._id or self._happened
        versions = Counter(key for key, _ in {(key, row) for key, (_, row) in zip(keys, rows, strict=True)})
        seen: set[Any] = set()
        for key, (position, row) in zip(keys, rows, strict=True):
            if key is not None and versions[key] > 1:
                yield _breach(position, field, UNIQUE, getattr(row, field), "quarantine")
            elif key is not None and key in seen:
                yield _breach(position, field, COPY, getattr(row, field), "quarantine")
            seen.add(key)

    def _cells(self, row: Any, lead_id: str) -> dict[str, Cell]:  # noqa: ANN401  any row of the table
        return {"lead_id": lead_id, **{name: getattr(row, name) for name in self._asked}}


def _breach(position: int, field: str, law: HouseLaw, value: Cell, fate: Fate) -> RowBreach:
    words, next_step = law.words(field)
    text = moment_text(value) if isinstance(value, int) else value
    found = "nothing" if text is None else f"«{text}»"
    return RowBreach(position, field, law.rule, f"{words}; found {found}. Next: {next_step}.", fate)
