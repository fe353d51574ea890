"""How often each text stands in each column: all that a history's features are declared from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from data_checks.agreement import Agreement
from data_checks.folding import is_missing
from data_checks.reading import parse_number, parse_time
from features.activity_columns import COLUMNS, activity_column
from features.exclusions import NOTHING, Exclusions
from features.lead_clauses import spellings_of
from features.records import Records
from features.text_column import TextColumn
from features.vocabulary import label_counts, plainest_of_both, written_labels

NO_SPELLINGS: Final[Mapping[str, str]] = {}


@dataclass(frozen=True)
class ColumnCensus:
    """One column: ``rows`` in all, how many are ``filled``, how many read as ``numbers`` and as ``times``.

    ``least`` and ``greatest`` are the first and the last filled text by code point, None if there is
    none; they are equal where all texts are. ``counts`` are uses by label: texts folded, spellings that
    the agreement names under the value that they stand for; ``written`` is the plainest way in which
    people write each.
    """

    rows: int = 0
    filled: int = 0
    numbers: int = 0
    times: int = 0
    least: str | None = None
    greatest: str | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    written: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, texts: TextColumn, spellings: Mapping[str, str] = NO_SPELLINGS) -> ColumnCensus:
        """Count a column; each distinct text is read once."""
        filled = np.array([not is_missing(label) for label in texts.labels], bool)
        uses = np.where(filled, texts.uses(), 0)
        seen = [texts.labels[row] for row in np.flatnonzero(uses)]

        def readable(read: Callable[[str], object]) -> int:
            return sum(
                int(use) for use, label in zip(uses[uses > 0], seen, strict=True) if read(label) is not None
            )

        return cls(
            rows=len(texts),
            filled=int(uses.sum()),
            numbers=readable(parse_number),
            times=readable(parse_time),
            least=min(seen, default=None),
            greatest=max(seen, default=None),
            counts=label_counts(texts, spellings),
            written=written_labels(texts, spellings),
        )

    @property
    def varies(self) -> bool:
        """Whether there are at least two different filled texts."""
        return self.least != self.greatest

    def and_of(self, other: ColumnCensus) -> ColumnCensus:
        """Return the census of both columns, one below the other."""
        ends = (self.least, self.greatest, other.least, other.greatest)
        known = [text for text in ends if text is not None]
        return ColumnCensus(
            rows=self.rows + other.rows,
            filled=self.filled + other.filled,
            numbers=self.numbers + other.numbers,
            times=self.times + other.times,
            least=min(known, default=None),
            greatest=max(known, default=None),
            counts=Counter(self.counts) + Counter(other.counts),
            written=plainest_of_both(self.written, other.written),
        )


@dataclass(frozen=True)
class Census:
    """Counts of a history, or of some of its leads.

    ``columns`` are the lead columns that features may look at, ``activities`` the text columns of the
    activities that they may; ``absent`` names the tables that the source does not have. However the
    leads are cut, `merged` gives the same.
    """

    leads: int = 0
    columns: Mapping[str, ColumnCensus] = field(default_factory=dict)
    activities: Mapping[str, ColumnCensus] = field(default_factory=dict)
    absent: frozenset[str] = frozenset()

    @classmethod
    def of(cls, records: Records, agreement: Agreement, left_out: Exclusions = NOTHING) -> Census:
        """Count what is on record, but for what is never used and what is ``left_out``."""
        unused, spellings = left_out.with_agreed(agreement), spellings_of(agreement)
        activities = records.activities.without("activity_type", unused.activity_types)
        return cls(
            leads=len(records),
            columns={
                name: ColumnCensus.of(records.fields[name], spellings.get(name, NO_SPELLINGS))
                for name in unused.kept(records.fields)
            },
            activities={name: ColumnCensus.of(activity_column(activities, name)) for name in COLUMNS},
            absent=records.absent,
        )

    @classmethod
    def merged(cls, parts: Iterable[Census]) -> Census:
        """Return the census of all leads from those of some each; every part has the same columns."""
        whole: Census | None = None
        for part in parts:
            whole = whole._and_of(part) if whole else part
        return whole or cls()

    def _and_of(self, other: Census) -> Census:
        return Census(
            leads=self.leads + other.leads,
            columns={name: one.and_of(other.columns[name]) for name, one in self.columns.items()},
            activities={name: one.and_of(other.activities[name]) for name, one in self.activities.items()},
            absent=self.absent,
        )
