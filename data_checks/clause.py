"""What every clause of the agreement has, whatever its rule."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from types import MappingProxyType
from typing import Annotated, Any, Final, Literal

from pydantic import Field

from data_checks.agreed_part import AgreedPart
from data_checks.predicates import Predicate

Breach = Literal["reject", "flag", "stop"]
TableName = Literal["leads", "activities", "stage_changes", "field_changes", "campaigns", "opportunities"]
Share = Annotated[float, Field(ge=0, le=1)]
Reader = Callable[[str], object]

DAY: Final = 86_400_000_000
_LONGEST_QUOTE: Final = 60


def percent(share: float) -> str:
    """Return a share as people write it.

    >>> percent(0.1), percent(0.125), percent(1 / 3)
    ('10 %', '12.5 %', '33.33 %')
    """
    return f"{100 * share:.4g} %"


def _nothing() -> Mapping[str, Any]:
    return MappingProxyType({})


@dataclass(frozen=True)
class Terms:
    """What a clause needs to know beyond its own words.

    ``scales`` are the agreement's own, best first; ``known`` the ids of other tables by
    ``table.column``; ``now`` the moment of the check in microseconds since 1970 UTC; ``hidden`` the
    fields whose values no report may repeat.
    """

    scales: Mapping[str, tuple[str, ...]] = dataclass_field(default_factory=_nothing)
    known: Mapping[str, frozenset[str]] = dataclass_field(default_factory=_nothing)
    now: int | None = None
    hidden: frozenset[str] = frozenset()

    def quote(self, field: str, text: str) -> str:
        """Return ``text`` as a report may show it, marked so that no agreed value can be mistaken for it."""
        if field in self.hidden:
            return "«hidden»"
        return f"«{text}»" if len(text) <= _LONGEST_QUOTE else f"«{text[:_LONGEST_QUOTE]}…»"


class Clause(AgreedPart):
    """One agreed parameter: what must hold for a field of a table, and what a breach does.

    ``reject`` sets the row aside with its reasons, ``flag`` keeps it and reports the breach, ``stop``
    halts the run. ``why`` is for people.
    """

    field: Annotated[str, Field(min_length=1)]
    table: TableName = "leads"
    breach: Breach
    why: str = ""

    @property
    def name(self) -> str:
        """The rule's name, as the agreement writes it."""
        return str(getattr(self, "rule"))  # noqa: B009  each rule declares its own literal

    @abstractmethod
    def sentence(self) -> str:
        """Say the rule in plain words, the field being its subject."""

    def remedy(self, text: str | None) -> str:  # noqa: ARG002  a rule may look at the value
        """Say what to do about a value that breaks the rule."""
        return f"correct {self.field} in the CRM"

    def complaint(self, text: str | None, terms: Terms) -> str:
        """Say what is wrong with a value: the rule, the value, the next step."""
        found = "nothing" if text is None else terms.quote(self.field, text)
        remedy = f"correct {self.field}" if self.field in terms.hidden else self.remedy(text)
        return f"{self.field} {self.sentence()}; found {found}. Next: {remedy}."


class BlamingClause(Clause):
    """A clause whose breach is the fault of particular rows.

    ``tolerate`` is the share of the filled-in values (of all rows, for ``required``) that may break the
    rule before the run stops. Without it only ``breach: stop`` halts, at the first breach. The rows
    that a tolerant ``stop`` lets pass are flagged.
    """

    tolerate: Share | None = None

    @property
    def stops_above(self) -> float | None:
        """The share of breaches above which the run stops, or None if it never does."""
        if self.tolerate is None and self.breach == "stop":
            return 0.0
        return self.tolerate

    @property
    def row_breach(self) -> Literal["reject", "flag"]:
        """What a breach does to its row, while the run goes on."""
        return "reject" if self.breach == "reject" else "flag"


class RowClause(BlamingClause):
    """A clause that each row keeps or breaks by its own value, so that one lead can be checked at once.

    It is written as a view of the value and a predicate on what is seen. The table's check puts the
    view in a column and asks Great Expectations the predicate; the single lead's check asks it at once.
    """

    @property
    @abstractmethod
    def view(self) -> str:
        """How the clause looks at the value, in words that complete "the field ..."."""

    @abstractmethod
    def reader(self, terms: Terms) -> Reader | None:
        """Return the function from a filled-in text to what the clause judges.

        The function gives None for a value that the rule has nothing to say about. Without the terms
        that the clause needs there is no reader, and the clause is not checked.
        """

    @abstractmethod
    def predicate(self, terms: Terms) -> Predicate:
        """Return what is asked of the value so seen."""

    def of_moments(self, terms: Terms) -> Callable[[Any], Any] | None:  # noqa: ARG002
        """Return the view as arithmetic on microseconds, if it is that; it then serves whole columns."""
        return None


class TableClause(Clause):
    """A clause about a whole column; no single row can be blamed for a breach."""

    breach: Literal["flag", "stop"]
