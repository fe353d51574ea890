"""Which open leads are wanted, and in which order, as the address says it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from serving.figures.dimensions import DIMENSIONS

CHOICES: Final = (
    *("grade", "decision"),
    *(one.name for one in DIMENSIONS),
    "owner",
)
"""Columns of which one value can be chosen."""

ORDERS: Final = {
    "probability": ("Probability, highest first", "probability desc nulls last, lead_id"),
    "rise": ("Risen most in a month", "rise desc nulls last, lead_id"),
    "due": ("Due soonest", "due_at nulls last, probability desc nulls last, lead_id"),
    "newest": ("Newest", "created_at desc nulls last, lead_id"),
    "active": ("Latest activity", "last_activity_at desc nulls last, lead_id"),
    "company": ("Company, A to Z", "lower(company) nulls last, lead_id"),
}
"""Orders by their name in the address: what they are called, and the SQL."""

OVERDUE: Final = "overdue"
LONGEST: Final = 200


@dataclass(frozen=True)
class LeadFilter:
    """What is asked for. ``chosen`` has the value of each column; ``where`` a standing, or ``overdue``."""

    chosen: Mapping[str, str]
    where: str = ""
    text: str = ""
    order: str = "probability"

    @classmethod
    def of(cls, asked: Mapping[str, str], standings: Collection[str]) -> LeadFilter:
        """Return the filter that an address means; a value that makes no sense counts as none."""
        chosen = {name: asked[name][:LONGEST] for name in CHOICES if asked.get(name)}
        where, order = asked.get("where", ""), asked.get("sort", "")
        return cls(
            chosen,
            where if where in standings or where == OVERDUE else "",
            asked.get("q", "").strip()[:LONGEST],
            order if order in ORDERS else "probability",
        )

    @property
    def conditions(self) -> str:
        """The SQL that goes with `parameters`."""
        return " and ".join(("true", *self._conditions()))

    @property
    def parameters(self) -> dict[str, Any]:
        """What was asked for, bound and never part of the SQL."""
        told = {f"chosen_{name}": value for name, value in self.chosen.items()}
        told |= {"where": self.where} if self.where and self.where != OVERDUE else {}
        return told | ({"text": self.text} if self.text else {})

    def _conditions(self) -> Iterator[str]:
        yield from (f"{name} = $chosen_{name}" for name in self.chosen)
        if self.where == OVERDUE:
            yield "overdue"
        elif self.where:
            yield "standing = $where"
        if self.text:
            # `contains` knows no wildcards, so a per cent sign is a per cent sign.
            found = (f"contains({_folded(name)}, {_folded('$text')})" for name in _SEARCHED)
            yield f"({' or '.join(found)})"


_SEARCHED: Final = ("company", "title", "lead_id")


def _folded(text: str) -> str:
    return f"strip_accents(lower(coalesce({text}, '')))"
