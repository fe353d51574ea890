"""What every clause of the agreement has, whatever its rule."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from data_checks.predicates import Predicate

Breach = Literal["reject", "flag", "stop"]
TableName = Literal["leads", "activities", "stage_changes", "field_changes", "campaigns", "opportunities"]
Share = Annotated[float, Field(ge=0, le=1)]
Reader = Callable[[str], object]

DAY: Final = 86_400_000_000


@dataclass(frozen=True)
class Terms:
    """What a clause needs to know beyond its own words.

    ``scales`` are the agreement's own, best first; ``known`` the ids of other tables by
    ``table.column``; ``now`` the moment of the check in microseconds since 1970 UTC.
    """

    scales: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    known: Mapping[str, frozenset[str]] = field(default_factory=lambda: MappingProxyType({}))
    now: int | None = None


class Clause(BaseModel):
    """One agreed parameter: what must hold for a field of a table, and what a breach does.

    ``reject`` sets the row aside with its reasons, ``flag`` keeps it and reports the breach, ``stop``
    halts the run. ``tolerate`` is the share of the filled-in values that may break the rule before the
    run stops; without it only ``breach: stop`` halts, at the first breach. ``why`` is for people.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    field: Annotated[str, Field(min_length=1)]
    table: TableName = "leads"
    breach: Breach = "flag"
    why: str = ""

    @property
    def name(self) -> str:
        """The rule's name, as the agreement writes it."""
        return str(getattr(self, "rule"))  # noqa: B009  declared by each rule as its own literal

    @abstractmethod
    def sentence(self) -> str:
        """Say the rule in plain words, the field being its subject."""


class RowClause(Clause):
    """A clause that each row keeps or breaks by its own value, so that one lead can be checked at once."""

    tolerate: Share | None = None

    @property
    def stops_above(self) -> float | None:
        """The share of breaches above which the run stops, or None if it never does."""
        if self.tolerate is None and self.breach == "stop":
            return 0.0
        return self.tolerate

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

    def remedy(self, text: str | None) -> str:  # noqa: ARG002  a rule may look at the value
        """Say what to do about a value that breaks the rule."""
        return f"correct {self.field} in the CRM"


class TableClause(Clause):
    """A clause about a whole column; no single row can be blamed for a breach."""

    breach: Literal["flag", "stop"] = "flag"
