"""Activities counted in all the windows that will be asked for, at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Final

import numpy as np

from features.lanes import ALWAYS, Counts, Late, Positions, Tally, Windows
from features.moments import DAY, NEVER, Moments
from features.text_column import Codes
from features.timeline import Timeline

Days = float | None
"""A window's length in days; None is all that is known."""

FEW_PAIRS: Final = 2000
"""Up to so many pairs of a snapshot and an event, everything is counted at once."""


@dataclass(frozen=True)
class Labelled:
    """Events by label: ``codes`` in the timeline's order (-1 is counted nowhere), below ``labels``."""

    codes: Codes
    labels: int


class Windowed:
    """Activities of a timeline by label, counted by window.

    ``foreseen`` are windows that will be asked for: counting in all of them together costs little more
    than in one. Any other window may be asked for, too.
    """

    def __init__(self, timeline: Timeline, labelled: Labelled, foreseen: Collection[Days]) -> None:
        self._timeline, self._labelled = timeline, labelled
        self._foreseen = sorted(foreseen, key=_length)

    def counts(self, days: Days) -> Counts:
        """Return the counts in a window, of shape (snapshots, labels)."""
        known = self._all.get(days)
        return self._tally.counts((_length(days),))[0].astype(np.int32) if known is None else known

    @cached_property
    def latest(self) -> Moments:
        """The moment of the latest event of each label, of shape (snapshots, labels)."""
        return self._tally.latest()

    @cached_property
    def _all(self) -> Mapping[Days, Counts]:
        # Half as wide as NumPy's own integers: for many leads, moving them is what costs.
        counts = self._tally.counts(tuple(map(_length, self._foreseen))).astype(np.int32)
        return dict(zip(self._foreseen, counts, strict=True))

    @cached_property
    def _tally(self) -> Tally:
        return self._timeline.tally(self._labelled.codes, self._labelled.labels)


class Prepared(Windowed):
    """Counts (of each window of ``rows``) and latest moments that are computed already."""

    def __init__(
        self,
        timeline: Timeline,
        labelled: Labelled,
        rows: Mapping[Days, int],
        counts: Counts,
        latest: Moments,
    ) -> None:
        super().__init__(timeline, labelled, ())
        self._rows, self._counts = rows, counts
        # What would otherwise be computed when first asked.
        self.__dict__["latest"] = latest

    def counts(self, days: Days) -> Counts:
        """Return the counts in a window, of shape (snapshots, labels)."""
        row = self._rows.get(days)
        return super().counts(days) if row is None else self._counts[row]


def counted_together(
    timeline: Timeline,
    as_of: Moments,
    labelled: Mapping[str, Labelled],
    foreseen: Mapping[str, Collection[Days]],
) -> dict[str, Windowed]:
    """Count everything that will be asked in one go, as if all labels were those of one column.

    That takes a tenth of the calls, and for a lead alone the calls are what costs; for many leads it
    would count in windows that nobody asks for.
    """
    days = sorted({window for windows in foreseen.values() for window in windows}, key=_length)
    rows = {window: row for row, window in enumerate(days)}
    ends = list(accumulate(one.labels for one in labelled.values()))
    starts = [end - one.labels for end, one in zip(ends, labelled.values(), strict=True)]
    pairs = Late.of(slice(None), timeline.occurred, timeline.newest, timeline.start, as_of)
    codes = np.stack([one.codes for one in labelled.values()])[:, pairs.event]
    what, pair = np.nonzero(codes >= 0)
    cell = pairs.snapshot[pair] * ends[-1] + np.array(starts)[what] + codes[what, pair]
    shape = (len(as_of), ends[-1])
    counts = _counts(pairs, pair, cell, (len(days), *shape), tuple(map(_length, days)))
    latest = _latest(pairs, pair, cell, shape)
    return {
        name: Prepared(timeline, one, rows, counts[:, :, start:end], latest[:, start:end])
        for (name, one), start, end in zip(labelled.items(), starts, ends, strict=True)
    }


def _counts(
    pairs: Late, pair: Positions, cell: Positions, shape: tuple[int, int, int], windows: Windows
) -> Counts:
    entered = np.searchsorted(np.array(windows, np.int64), pairs.age, side="right")[pair]
    # What is older than the longest window falls past the end.
    size = shape[1] * shape[2]
    found = np.bincount(entered * size + cell, minlength=shape[0] * size)[: shape[0] * size]
    return np.cumsum(found.reshape(shape), axis=0)


def _latest(pairs: Late, pair: Positions, cell: Positions, shape: tuple[int, int]) -> Moments:
    found = np.full(shape[0] * shape[1], -NEVER, np.int64)
    np.maximum.at(found, cell, pairs.occurred[pairs.event[pair]])
    found[found == -NEVER] = NEVER
    return found.reshape(shape)


def _length(days: Days) -> int:
    return ALWAYS if days is None else round(days * DAY)
