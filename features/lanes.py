"""Counting and dating the events of a timeline by label, seen from each snapshot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from features.moments import NEVER, Moments
from features.text_column import Codes

Positions = NDArray[np.intp]
Counts = NDArray[Any]
"""Whole numbers, as narrow as they may be: make them wider before they are subtracted."""
Windows = tuple[int, ...]
"""Lengths in microseconds, in growing order."""

ALWAYS: Final = NEVER
"""The window that holds all that is known."""

_BEFORE_ALL: Final = -NEVER


@dataclass(frozen=True)
class Prompt:
    """Events that were recorded as they happened, so that they expire in the order in which they came.

    ``rows`` are their positions in the timeline; ``newest`` and ``start`` tell for each snapshot how
    many of them were known by then, and how many are of earlier leads.
    """

    rows: slice | Positions
    occurred: Moments
    newest: Positions
    start: Positions
    key: Moments
    asked: Moments
    _expired: dict[Windows, Positions] = field(default_factory=dict, init=False, repr=False, compare=False)

    def tally(self, codes: Codes, labels: int) -> PromptTally:
        """Return the events by label; code -1 is counted nowhere."""
        return PromptTally(self, codes, labels)

    def expired(self, windows: Windows) -> Positions:
        """Return how many events have expired, of shape (windows, snapshots).

        Whatever is counted in the same windows is looked for once.
        """
        if windows not in self._expired:
            finite = np.array([window for window in windows if window != ALWAYS], np.int64)
            gone = np.searchsorted(self.key, self.asked - finite[:, np.newaxis], side="right")
            whole = len(finite) == len(windows)
            self._expired[windows] = gone if whole else np.concatenate((gone, self.start[np.newaxis]))
        return self._expired[windows]


@dataclass(frozen=True)
class PromptTally:
    """Events of a `Prompt` lane by label, counted by the difference of running counts."""

    lane: Prompt
    codes: Codes
    labels: int

    def counts(self, windows: Windows) -> Counts:
        """Count known events by window and label, of shape (windows, snapshots, labels)."""
        # As narrow as the running counts: there are no more events in a window than in all.
        expired = self._running.take(self.lane.expired(windows), axis=0)
        return np.subtract(self._running.take(self.lane.newest, axis=0), expired)

    def latest(self) -> Moments:
        """Return the moment of the latest known event of each label; ``NEVER`` where there is none."""
        if not len(self.codes):
            return np.full((len(self.lane.newest), self.labels), NEVER, np.int64)
        # The n-th event of a label stands n-th among the label's events: what was counted finds it.
        known = self._running.take(self.lane.newest, axis=0)
        any_known = known != self._running.take(self.lane.start, axis=0)
        all_of_label = self._running[-1].astype(np.int64)
        place = known + (np.cumsum(all_of_label) - all_of_label - 1)
        return np.where(any_known, self.lane.occurred[self._by_label].take(place, mode="clip"), NEVER)

    @property
    def _by_label(self) -> Positions:
        """The positions of the events label by label, those of no label last."""
        # NumPy sorts the narrowest integers by their digits, several times as fast as wide ones.
        narrow = np.uint8 if self.labels < 2**8 else np.uint32
        return np.argsort(self.codes.astype(narrow), kind="stable")

    @cached_property
    def _running(self) -> Counts:
        """How often each label came up to each event, of shape (events + 1, labels)."""
        narrow = np.uint16 if len(self.codes) < 2**16 else np.int32
        running = np.zeros((len(self.codes) + 1) * self.labels, narrow)
        rows = (self.codes >= 0).nonzero()[0]
        running[(rows + 1) * self.labels + self.codes[rows]] = 1
        table = running.reshape(-1, self.labels)
        return np.cumsum(table, axis=0, out=table, dtype=narrow)


@dataclass(frozen=True)
class Late:
    """Events written down late, which expire in another order for each window.

    Each is looked at from each snapshot that knows it: ``snapshot`` and ``event`` are the pairs,
    ``age`` how old the event is then, and ``snapshots`` how many snapshots there are.
    """

    rows: slice | Positions
    occurred: Moments
    snapshots: int
    snapshot: Positions
    event: Positions
    age: Moments

    @classmethod
    def of(
        cls, rows: slice | Positions, occurred: Moments, newest: Positions, start: Positions, as_of: Moments
    ) -> Late:
        """Pair each snapshot with the events from ``start`` to ``newest``."""
        many = newest - start
        snapshot = np.repeat(np.arange(len(as_of)), many)
        event = np.arange(len(snapshot)) - np.repeat(np.cumsum(many) - many - start, many)
        return cls(rows, occurred, len(as_of), snapshot, event, as_of[snapshot] - occurred[event])

    def tally(self, codes: Codes, labels: int) -> LateTally:
        """Return the events by label; code -1 is counted nowhere."""
        return LateTally(self, codes[self.event], labels)


@dataclass(frozen=True)
class LateTally:
    """Events of a `Late` lane by label: ``codes`` holds the label of each pair."""

    lane: Late
    codes: Codes
    labels: int

    def counts(self, windows: Windows) -> Counts:
        """Count known events by window and label, of shape (windows, snapshots, labels)."""
        lane, shape = self.lane, (len(windows), self.lane.snapshots, self.labels)
        entered = np.searchsorted(np.array(windows, np.int64), lane.age, side="right")
        counted = ((self.codes >= 0) & (entered < len(windows))).nonzero()[0]
        place = entered[counted] * lane.snapshots + lane.snapshot[counted]
        found = np.bincount(place * self.labels + self.codes[counted], minlength=int(np.prod(shape)))
        return np.cumsum(found.reshape(shape), axis=0)

    def latest(self) -> Moments:
        """Return the moment of the latest known event of each label; ``NEVER`` where there is none."""
        lane, named = self.lane, (self.codes >= 0).nonzero()[0]
        found = np.full((lane.snapshots, self.labels), _BEFORE_ALL, np.int64)
        np.maximum.at(found, (lane.snapshot[named], self.codes[named]), lane.occurred[lane.event[named]])
        return np.where(found == _BEFORE_ALL, NEVER, found)


Lane = Prompt | Late


class Tally:
    """The events of a timeline by label: how many there were, and which was the latest."""

    def __init__(self, parts: Sequence[PromptTally | LateTally]) -> None:
        self._parts = parts

    def counts(self, windows: Windows) -> Counts:
        """Count the known events of each label in windows: of shape (windows, snapshots, labels)."""
        parts = [part.counts(windows) for part in self._parts]
        return parts[0] if len(parts) == 1 else np.add(*parts)

    def latest(self) -> Moments:
        """Return the moment of the latest known event of each label, of shape (snapshots, labels).

        ``NEVER`` where there is none.
        """
        parts = [part.latest() for part in self._parts]
        if len(parts) == 1:
            return parts[0]
        newest = np.maximum(*(np.where(part == NEVER, _BEFORE_ALL, part) for part in parts))
        return np.where(newest == _BEFORE_ALL, NEVER, newest)
