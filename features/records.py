"""What is on record of some leads, as arrays: the one shape that features are computed from."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from features.moments import Moments
from features.text_column import TextColumn

T = TypeVar("T", bound=np.generic)

BLOCK_LEADS: Final = 1024
"""Leads computed at once."""

BLOCK_LEADS_SEEN_ONCE: Final = 4096
"""Leads computed at once if each is looked at once at most, so that little is made of it."""


@dataclass(frozen=True)
class Events:
    """Dated records of leads, ordered by ``lead`` (the lead's position), each with its text columns.

    ``occurred`` is when it happened, ``recorded`` when the CRM came to know it (int64 microseconds).
    """

    lead: Moments
    occurred: Moments
    recorded: Moments
    texts: Mapping[str, TextColumn]

    def __len__(self) -> int:
        return len(self.lead)

    def of_rows(self, rows: slice | NDArray[np.intp]) -> Events:
        """Return the events at the given rows, which keep the order."""
        texts = {name: column[rows] for name, column in self.texts.items()}
        return Events(self.lead[rows], self.occurred[rows], self.recorded[rows], texts)

    def without(self, column: str, folded: Collection[str]) -> Events:
        """Return the events whose text in a column is none of the folded texts."""
        if not folded:
            return self
        named = self.texts[column].recoded(dict.fromkeys(folded, 1), 0) == 1
        return self.of_rows(np.flatnonzero(~named)) if named.any() else self

    def of_leads(self, first: int, last: int) -> Events:
        """Return the events of the leads ``first`` to ``last`` (excluded), renumbered from 0."""
        events = self.of_rows(slice(*np.searchsorted(self.lead, (first, last))))
        return replace(events, lead=events.lead - first)


@dataclass(frozen=True)
class Records:
    """All that is on record of ``len(self)`` leads.

    ``fields`` holds the current value of each lead column; ``field_changes`` for each field that has
    a history its changes, with the texts ``old`` and ``new``. ``converted`` is the moment of
    conversion where the CRM writes it on the lead (``NEVER`` elsewhere). ``absent`` names the tables
    that the source does not have.
    """

    lead_ids: tuple[str, ...]
    created: Moments
    converted: Moments
    fields: Mapping[str, TextColumn]
    activities: Events
    stage_changes: Events
    field_changes: Mapping[str, Events]
    absent: frozenset[str] = frozenset()

    def __len__(self) -> int:
        return len(self.lead_ids)

    def of_leads(self, first: int, last: int) -> Records:
        """Return the records of the leads ``first`` to ``last`` (excluded), renumbered from 0."""
        return replace(
            self,
            lead_ids=self.lead_ids[first:last],
            created=self.created[first:last],
            converted=self.converted[first:last],
            fields={name: column[first:last] for name, column in self.fields.items()},
            activities=self.activities.of_leads(first, last),
            stage_changes=self.stage_changes.of_leads(first, last),
            field_changes={
                name: changes.of_leads(first, last) for name, changes in self.field_changes.items()
            },
        )


@dataclass(frozen=True)
class Snapshots:
    """(lead, as of) pairs: the positions of leads in their `Records` and the moments they are looked at."""

    lead: Moments
    as_of: Moments

    def __len__(self) -> int:
        return len(self.lead)

    def __getitem__(self, rows: slice | NDArray[np.intp]) -> Snapshots:
        return Snapshots(self.lead[rows], self.as_of[rows])


def blocks(records: Records, snapshots: Snapshots, leads: int) -> Iterator[tuple[Records, Snapshots]]:
    """Cut records and snapshots (ordered by lead) into blocks of at most ``leads`` leads; at least one."""
    for first in range(0, max(len(records), 1), leads):
        last = min(first + leads, len(records))
        rows = slice(*np.searchsorted(snapshots.lead, (first, last)))
        block = snapshots[rows]
        yield records.of_leads(first, last), Snapshots(block.lead - first, block.as_of)


def leads_at_once(snapshots: Snapshots) -> int:
    """Return how many leads are best computed at once, for snapshots ordered by lead."""
    seen_once = bool((snapshots.lead[1:] > snapshots.lead[:-1]).all())
    return BLOCK_LEADS_SEEN_ONCE if seen_once else BLOCK_LEADS


def by_blocks(
    compute: Callable[[Records, Snapshots], NDArray[T]],
    records: Records,
    snapshots: Snapshots,
    leads: int | None = None,
) -> NDArray[T]:
    """Return the rows that ``compute`` gives for each snapshot, in the order of the snapshots.

    ``compute`` looks at each lead alone. It gets the leads in blocks, of `leads_at_once` unless another
    number is asked for: few enough that their records stay in the processor's cache and that the key of
    their timeline fits 64 bits.
    """
    order = _sorting(snapshots)
    in_order = snapshots if order is None else snapshots[order]
    most = leads or leads_at_once(in_order)
    if order is None and len(records) <= most:
        return compute(records, snapshots)
    parts = blocks(records, in_order, most)
    first = compute(*next(parts))
    if len(first) == len(snapshots) and order is None:
        return first
    rows = np.empty((len(snapshots), *first.shape[1:]), first.dtype)
    done = 0
    for found in chain([first], (compute(*part) for part in parts)):
        place = slice(done, done + len(found))
        rows[place if order is None else order[place]] = found
        done = place.stop
    return rows


def _sorting(snapshots: Snapshots) -> NDArray[np.intp] | None:
    """Return what sorts snapshots by (lead, as of); None if they are in that order."""
    lead, as_of = snapshots.lead, snapshots.as_of
    ahead = (lead[1:] > lead[:-1]) | ((lead[1:] == lead[:-1]) & (as_of[1:] >= as_of[:-1]))
    return None if ahead.all() else np.lexsort((as_of, lead))
