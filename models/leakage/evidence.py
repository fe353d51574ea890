"""What speaks for a leak: one finding about a column, an activity type or a period, in words and figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, Literal

Strength = Literal["conclusive", "hint", "note"]
Bars = tuple[tuple[str, float], ...]
Kind = Literal[
    "decided_only",
    "names_outcome",
    "too_good",
    "tied",
    "fill_tied",
    "words",
    "dated_later",
    "mirrors_today",
    "young_lack",
    "unrecorded",
    "changed_since",
    "same_leads",
    "written_after",
    "follows",
    "with_outcome",
    "foretells",
    "late",
    "out_of_order",
    "silence",
]

LINES: Final[Mapping[Kind, str]] = MappingProxyType(
    {
        "decided_only": "outcome",
        "names_outcome": "outcome",
        "too_good": "outcome",
        "tied": "outcome",
        "fill_tied": "outcome",
        "words": "words",
        "dated_later": "dates",
        "mirrors_today": "history",
        "young_lack": "age",
        "unrecorded": "history",
        "changed_since": "history",
        "same_leads": "company",
        "written_after": "recording",
        "follows": "order",
        "with_outcome": "order",
        "foretells": "outcome",
        "late": "recording",
        "out_of_order": "dates",
        "silence": "outcome",
    }
)
"""The line of evidence that each kind belongs to: two hints of one line are not independent."""

TITLES: Final[Mapping[Kind, str]] = MappingProxyType(
    {
        "decided_only": "Filled once the outcome is known",
        "names_outcome": "Its values name the outcome",
        "too_good": "Too good to be true",
        "tied": "Tells much of the outcome",
        "fill_tied": "Filled more often with one outcome",
        "words": "Its words speak of what came later",
        "dated_later": "Dated after the lead came in",
        "mirrors_today": "Counts up to the export",
        "young_lack": "The youngest leads do not have it yet",
        "unrecorded": "Changes that no history holds",
        "changed_since": "Changed since, and on record",
        "same_leads": "Filled for the same leads as a suspect",
        "written_after": "Written down after the outcome, dated before it",
        "follows": "Follows the outcome",
        "with_outcome": "Comes with the outcome",
        "foretells": "Stands only with leads that succeed",
        "late": "Recorded late",
        "out_of_order": "Dates out of order",
        "silence": "No outcomes were recorded",
    }
)


@dataclass(frozen=True)
class Evidence:
    """One finding.

    ``strength`` is *conclusive* (enough alone), a *hint* (enough with a second, independent one) or a
    *note*, which speaks for nothing and helps to read. ``text`` is a sentence for people with the figures
    in it, ``figures`` are the same as data; ``bars``, if there, are rows of a small picture: what, share.
    """

    kind: Kind
    strength: Strength
    text: str
    figures: Mapping[str, float] = field(default_factory=dict)
    bars: Bars = ()

    @property
    def line(self) -> str:
        """The line of evidence; hints of one line count once."""
        return LINES[self.kind]

    def to_json(self) -> dict[str, Any]:
        """Return the evidence as plain data."""
        return {
            "kind": self.kind,
            "title": TITLES[self.kind],
            "line": self.line,
            "strength": self.strength,
            "text": self.text,
            "figures": {name: round(float(value), 6) for name, value in self.figures.items()},
            "bars": [[what, round(float(share), 6)] for what, share in self.bars],
        }
