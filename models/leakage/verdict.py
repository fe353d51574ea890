"""The rule that turns evidence into a verdict; docs/adr/0010 says why it is this one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from models.leakage.evidence import Evidence

What = Literal["column", "activity_type", "period"]
Verdict = Literal["left_out", "vouched", "not_used", "clear"]


@dataclass(frozen=True)
class Examined:
    """What was examined, all evidence about it, and what follows.

    ``verdict`` is *left_out* (a suspect), *vouched* (one that the agreement's ``known_at`` vouches for),
    *not_used* (the agreement's ``never_use`` names it anyway), or *clear*. ``since`` and ``until`` are a
    period's moments in microseconds, ``figures`` what was measured whether it speaks for a leak or not.
    """

    what: What
    name: str
    evidence: tuple[Evidence, ...]
    verdict: Verdict
    vouched_at: str | None = None
    since: int | None = None
    until: int | None = None
    figures: Mapping[str, float] = field(default_factory=dict)

    @property
    def suspect(self) -> bool:
        """Whether the evidence convicts, whatever was agreed."""
        return is_suspect(self.evidence)

    @property
    def reasons(self) -> tuple[str, ...]:
        """The sentences that convict: the conclusive ones, or else a hint of each line; none if clear."""
        if not self.suspect:
            return ()
        conclusive = [one.text for one in self.evidence if one.strength == "conclusive"]
        hints = {one.line: one.text for one in reversed(self.evidence) if one.strength == "hint"}
        return tuple(conclusive or reversed(hints.values()))

    def to_json(self) -> dict[str, Any]:
        """Return all of it as plain data."""
        return {
            "what": self.what,
            "name": self.name,
            "verdict": self.verdict,
            "suspect": self.suspect,
            "vouched_at": self.vouched_at,
            "since": self.since,
            "until": self.until,
            "reasons": list(self.reasons),
            "figures": {name: round(float(value), 6) for name, value in self.figures.items()},
            "evidence": [one.to_json() for one in self.evidence],
        }


def is_suspect(evidence: Sequence[Evidence]) -> bool:
    """One conclusive finding convicts, or two hints of different lines of evidence."""
    lines = {one.line for one in evidence if one.strength == "hint"}
    return len(lines) >= 2 or any(one.strength == "conclusive" for one in evidence)
