"""What features must not look at, whoever said so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from data_checks.agreement import Agreement
from data_checks.folding import fold

NEVER_FEATURES: Final = frozenset({"stage"})
"""Lead columns that hold today's state and not the moment's; stages come from their changes."""


@dataclass(frozen=True)
class Exclusions:
    """Lead columns without feature and vocabulary, and activity types (folded) that are never looked at."""

    columns: frozenset[str] = frozenset()
    activity_types: frozenset[str] = frozenset()

    def with_agreed(self, agreement: Agreement) -> Exclusions:
        """Return these together with today's state and what the agreement's ``never_use`` names.

        >>> from types import SimpleNamespace
        >>> agreed = SimpleNamespace(never_use=("email", "activity_type:Unsubscribed "))
        >>> sorted(Exclusions(frozenset({"fax"})).with_agreed(agreed).columns)
        ['email', 'fax', 'stage']
        """
        named = [(name, *name.partition(":")) for name in agreement.never_use]
        types = {fold(label) for _, prefix, _, label in named if prefix == "activity_type"}
        columns = {name for name, prefix, _, _ in named if prefix != "activity_type"}
        return Exclusions(self.columns | columns | NEVER_FEATURES, self.activity_types | types)

    def kept(self, columns: Mapping[str, object]) -> list[str]:
        """Return the columns that may be looked at, in alphabetical order."""
        return sorted(name for name in columns if name not in self.columns)


NOTHING: Final = Exclusions()
