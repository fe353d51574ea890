"""Facts about a history, none of them an outcome, from which its features are declared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from data_checks.sla import WorkingHours
from features.settings import FeatureSettings
from features.vocabulary import Vocabulary

ColumnKind = Literal["number", "scale", "category", "time", "presence"]


@dataclass(frozen=True)
class Profile:
    """What the catalogue needs to know of a company's CRM.

    ``columns`` says how each usable lead column is read and ``scales`` which ordered scale it keeps
    to; ``scale_labels`` are the scales' own labels, best first. ``vocabularies`` holds the labels of
    lead columns by name and of activity columns as ``activities.<column>``. ``stage_of`` maps the
    CRM's folded stage values to the stages of the revenue cycle. ``unused_activity_types`` are never
    looked at, folded. ``working_hours`` are those of the agreement; ``has_accounts`` tells whether leads
    name theirs. ``absent`` names the missing tables.
    """

    settings: FeatureSettings
    columns: Mapping[str, ColumnKind]
    scales: Mapping[str, str] = field(default_factory=dict)
    scale_labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    vocabularies: Mapping[str, Vocabulary] = field(default_factory=dict)
    stage_of: Mapping[str, str] = field(default_factory=dict)
    unused_activity_types: tuple[str, ...] = ()
    working_hours: WorkingHours = field(default_factory=WorkingHours)
    has_accounts: bool = False
    absent: frozenset[str] = frozenset()

    def columns_of_kind(self, kind: ColumnKind) -> list[str]:
        """Return the columns of one kind, in alphabetical order."""
        return sorted(name for name, found in self.columns.items() if found == kind)

    def activity_labels(self, column: str) -> tuple[str, ...]:
        """Return the labels of an activity column that have features of their own."""
        found = self.vocabularies.get(f"activities.{column}")
        return found.labels if found else ()
