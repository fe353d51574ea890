"""The house rules that one lead can keep or break by itself, written as clauses like the agreed ones."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final, Literal

from typing_extensions import override

from data_checks.agreement import Agreement
from data_checks.clause import DAY, Reader, RowClause, Terms
from data_checks.predicates import Between, Predicate
from data_checks.reading import parse_time
from data_checks.row_clauses import Allowed, Range, Required

EARLIEST: Final = "1990-01-01"
LATEST: Final = "2100-01-01"
# The clocks of a CRM and of the service need not agree to the second.
CLOCK_SKEW: Final = 300_000_000


@lru_cache(maxsize=1)
def possible_moments() -> tuple[int, int]:
    """Return the first and the last moment that a CRM can have seen, in microseconds since 1970 UTC."""
    return parse_time(EARLIEST) or 0, parse_time(LATEST) or 0


class NotLater(RowClause):
    """The moment does not lie after the check, a clock skew of five minutes granted."""

    rule: Literal["not_later"] = "not_later"

    @property
    @override
    def view(self) -> str:
        return "as days after the check"

    @override
    def reader(self, terms: Terms) -> Reader | None:
        days_after = self.of_moments(terms)
        if days_after is None:
            return None

        def read(text: str) -> float | None:
            moment = parse_time(text)
            return None if moment is None else days_after(moment)

        return read

    @override
    def of_moments(self, terms: Terms) -> Callable[[Any], Any] | None:
        now = terms.now
        return None if now is None else lambda moments: (moments - now) / DAY

    @override
    def predicate(self, terms: Terms) -> Predicate:
        return Between(None, CLOCK_SKEW / DAY)

    @override
    def sentence(self) -> str:
        return "is not later than the moment of the check"

    @override
    def remedy(self, text: str | None) -> str:
        return f"correct {self.field}, or check again after it"


class Possible(Range):
    """The moment is one that a CRM can have seen."""

    @property
    @override
    def name(self) -> str:
        return "possible"

    @override
    def remedy(self, text: str | None) -> str:
        return f"correct {self.field} at its source, a default like 1970 or 9999 stands for nothing"


class KnownStage(Allowed):
    """The CRM's stage value is one that the agreement maps to the revenue cycle."""

    @property
    @override
    def name(self) -> str:
        return "known_stage"

    @override
    def sentence(self) -> str:
        return "is a stage value that the agreement knows"

    @override
    def remedy(self, text: str | None) -> str:
        return "add the value to stages in the agreement, or correct it in the CRM"


def house_clauses(agreement: Agreement) -> tuple[RowClause, ...]:
    """Return the house rules for the columns of ``leads``, and for the stages of the stage changes."""
    clauses: tuple[RowClause, ...] = (
        Required(rule="required", field="created_at", breach="reject"),
        Possible(rule="range", field="created_at", min=EARLIEST, max=LATEST, breach="reject"),
        NotLater(field="created_at", breach="reject"),
        Possible(rule="range", field="converted_at", min=EARLIEST, max=LATEST, breach="flag"),
    )
    values: dict[str, tuple[str, ...]] = {one: () for values in agreement.stages.values() for one in values}
    if not values:
        return clauses
    known = KnownStage(rule="allowed", field="stage", values=values, breach="flag")
    return (*clauses, known, known.model_copy(update={"table": "stage_changes"}))
