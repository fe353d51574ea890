"""Why a lead has its probability, and what moved it, as the file of the pages tells it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

RAISED: Final = 0.005
"""An effect below half a point is no reason to call."""

TOLD: Final = 0.0005
"""An effect below a twentieth of a point is written as none, and not told."""

_MONTH_DAYS: Final = 30.0


@dataclass(frozen=True)
class Why:
    """One reason: by how many points it moved the probability, and what became of leads like this one.

    ``alike`` names the values that count as like this lead's, ``leads`` how many past leads had one, and
    ``rate`` which share of them got there; None of too few.
    """

    text: str
    family: str
    effect: float
    alike: str | None = None
    leads: int | None = None
    rate: float | None = None


@dataclass(frozen=True)
class Moved:
    """A fact that moved a probability: what it is now, what it was, and by how many points it did.

    ``former`` is None of a fact that did not change; ``is_age`` says that it grew by the month that went by.
    """

    text: str
    family: str
    effect: float
    former: str | None
    is_age: bool = False


@dataclass(frozen=True)
class Changes:
    """What moved a probability within a month: points by family, and the facts behind them."""

    effect: float
    families: tuple[tuple[str, float], ...]
    facts: tuple[Moved, ...]

    @property
    def risen(self) -> tuple[tuple[str, float], ...]:
        """The families that raised it, the strongest first."""
        return tuple((name, effect) for name, effect in self.families if effect >= RAISED)

    @property
    def news(self) -> tuple[Moved, ...]:
        """The facts that changed and raised it; that a month has gone by is no news."""
        return tuple(one for one in self.facts if one.effect >= RAISED and one.former and not one.is_age)


def reasons_of(text: str | None) -> tuple[Why, ...]:
    """Return the reasons of a score, the strongest first."""
    known = Why.__dataclass_fields__
    return tuple(Why(**{name: one.get(name) for name in known}) for one in json.loads(text or "[]"))


def families_of(text: str | None) -> tuple[tuple[str, float], ...]:
    """Return by how many points each family of facts moved a score, the strongest first."""
    return tuple((one["family"], one["effect"]) for one in json.loads(text or "[]"))


def issues_of(text: str | None) -> tuple[tuple[str, str], ...]:
    """Return what is to be said of a lead's data: field and message."""
    return tuple((one["field"], one["message"]) for one in json.loads(text or "[]"))


def changes_of(text: str | None) -> Changes | None:
    """Return what moved a score within a month; None of a lead that was not there a month ago."""
    if not text:
        return None
    found: Mapping[str, Any] = json.loads(text)
    families = tuple((one["family"], one["effect"]) for one in found["families"])
    facts = tuple(_moved(one) for one in found["features"] if abs(one["effect"]) >= TOLD)
    return Changes(found["effect"], families, facts)


def _moved(one: Mapping[str, Any]) -> Moved:
    before, now = one["former_value"], one["value"]
    # JSON of the stage writes what is not known as NaN, which is not equal to itself.
    same = before == now or (before != before and now != now)  # noqa: PLR0124
    is_age = isinstance(now, float) and isinstance(before, float) and abs(now - before - _MONTH_DAYS) < 1e-6
    return Moved(one["text"], one["family"], one["effect"], None if same else _shown(before), is_age)


def _shown(value: object) -> str:
    if value is None or value != value:  # noqa: PLR0124
        return "not known"
    return f"{value:,.4g}" if isinstance(value, int | float) else str(value)
