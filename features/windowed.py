"""A tally counted in all the windows that will be asked for, at once."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from features.lanes import ALWAYS, Counts, Tally
from features.moments import DAY, Moments

Days = float | None
"""A window's length in days; None is all that is known."""


class Windowed:
    """The counts of a tally by window.

    ``foreseen`` are windows that will be asked for: counting in all of them together costs little more
    than in one. Any other window may be asked for, too.
    """

    def __init__(self, tally: Tally, foreseen: Iterable[Days]) -> None:
        self._tally = tally
        self._windows = tuple(sorted({_length(days) for days in foreseen}))

    def counts(self, days: Days) -> Counts:
        """Return the counts in a window, of shape (snapshots, labels)."""
        length = _length(days)
        if length in self._windows:
            return self._all[self._windows.index(length)]
        return self._tally.counts((length,))[0]

    @cached_property
    def latest(self) -> Moments:
        """The moment of the latest event of each label, of shape (snapshots, labels)."""
        return self._tally.latest()

    @cached_property
    def _all(self) -> Counts:
        return self._tally.counts(self._windows)


def _length(days: Days) -> int:
    return ALWAYS if days is None else round(days * DAY)
