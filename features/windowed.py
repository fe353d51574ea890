"""Activities counted in all the windows that will be asked for, at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
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


class Windowed:
    """The counts of a tally by window.

    ``foreseen`` are windows that will be asked for: counting in all of them together costs little more
    than in one. Any other window may be asked for, too.
    """

    def __init__(self, tally: Tally, foreseen: Collection[Days]) -> None:
        self._tally, self._foreseen = tally, sorted(foreseen, key=_length)

    def counts(self, days: Days) -> Counts:
        """Return the counts in a window, of shape (snapshots, labels)."""
        known = self._all.get(days)
        return self._tally.counts((_length(days),))[0].astype(np.int64) if known is None else known

    @cached_property
    def latest(self) -> Moments:
        """The moment of the latest event of each label, of shape (snapshots, labels)."""
        return self._tally.latest()

    @cached_property
    def _all(self) -> Mapping[Days, Counts]:
        counts = self._tally.counts(tuple(map(_length, self._foreseen))).astype(np.int64)
        return dict(zip(self._foreseen, counts, strict=True))


class Prepared(Windowed):
    """Counts and latest moments that are computed already."""

    def __init__(self, tally: Tally, counts: Mapping[Days, Counts], latest: Moments) -> None:
        super().__init__(tally, tuple(counts))
        # What would otherwise be computed when first asked.
        self.__dict__.update(_all=counts, latest=latest)


@dataclass(frozen=True)
class Labelled:
    """Events by label: ``codes`` in the timeline's order (-1 is counted nowhere), below ``labels``."""

    codes: Codes
    labels: int


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
    pairs = Late.of(slice(None), timeline.occurred, timeline.newest, timeline.start, as_of)
    ends = np.cumsum([one.labels for one in labelled.values()])
    starts = ends - [one.labels for one in labelled.values()]
    codes = np.stack([one.codes for one in labelled.values()])[:, pairs.event]
    wide = np.where(codes < 0, -1, codes + starts[:, np.newaxis])
    days = sorted({window for windows in foreseen.values() for window in windows}, key=_length)
    counts = _counts(pairs, wide, (len(days), len(as_of), int(ends[-1])), tuple(map(_length, days)))
    latest = _latest(pairs, wide, (len(as_of), int(ends[-1])))
    found: dict[str, Windowed] = {}
    for (what, one), start, end in zip(labelled.items(), starts.tolist(), ends.tolist(), strict=True):
        asked = {
            days[row]: counts[row, :, start:end] for row in range(len(days)) if days[row] in foreseen[what]
        }
        found[what] = Prepared(timeline.tally(one.codes, one.labels), asked, latest[:, start:end])
    return found


def _counts(pairs: Late, wide: Positions, shape: tuple[int, int, int], windows: Windows) -> Counts:
    entered = np.searchsorted(np.array(windows, np.int64), pairs.age, side="right")
    place = (entered * shape[1] + pairs.snapshot) * shape[2] + wide
    found = np.bincount(place[(wide >= 0) & (entered < shape[0])], minlength=int(np.prod(shape)))
    return np.cumsum(found.reshape(shape), axis=0)


def _latest(pairs: Late, wide: Positions, shape: tuple[int, int]) -> Moments:
    found = np.full(shape, -NEVER, np.int64)
    place = np.broadcast_to(pairs.snapshot, wide.shape)
    named = wide >= 0
    occurred = np.broadcast_to(pairs.occurred[pairs.event], wide.shape)
    np.maximum.at(found, (place[named], wide[named]), occurred[named])
    return np.where(found == -NEVER, NEVER, found)


def _length(days: Days) -> int:
    return ALWAYS if days is None else round(days * DAY)
