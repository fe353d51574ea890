"""What the gate found: every figure it looked at, and its objections in words."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from data_checks.errors import BatonError
from models.paired import Interval

Figure = float | int | str | list[float] | None


@dataclass(frozen=True)
class Objection:
    """Why a model should not be served: the rule, what was found instead, and what to do next.

    A ``binding`` one is not for one person to overrule.
    """

    rule: str
    found: str
    next_step: str
    binding: bool = False

    def __str__(self) -> str:
        return str(BatonError(self.rule, self.found, self.next_step))


@dataclass(frozen=True)
class Finding:
    """One look of the gate: by which check, at what, with which figures, and the objection, if any."""

    check: str
    subject: str
    figures: Mapping[str, Figure] = field(default_factory=dict)
    objection: Objection | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the finding as JSON, which knows no NaN."""
        figures = {
            name: None if isinstance(value, float) and math.isnan(value) else value
            for name, value in self.figures.items()
        }
        told = {"objection": str(self.objection)} if self.objection else {}
        return {"check": self.check, "subject": self.subject, **figures, **told}


@dataclass(frozen=True)
class Judgement:
    """All findings on a challenger, and what has to be said beside them."""

    findings: tuple[Finding, ...]
    notes: tuple[str, ...] = ()

    @property
    def objections(self) -> tuple[Objection, ...]:
        """The objections; without one the model may be served."""
        return tuple(one.objection for one in self.findings if one.objection)

    def to_json(self) -> dict[str, Any]:
        """Return the judgement as JSON."""
        return {
            "passes": not self.objections,
            "objections": [str(one) for one in self.objections],
            "notes": list(self.notes),
            "findings": [one.to_json() for one in self.findings],
        }


def figures_of(interval: Interval) -> dict[str, Figure]:
    """Return an interval as figures."""
    return {"gain": interval.value, "low": interval.low, "high": interval.high}
