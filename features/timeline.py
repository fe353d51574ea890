"""Dated records of many leads as one sorted integer key, so that any as-of question is a binary search."""

from __future__ import annotations

from functools import cache, cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from data_checks.errors import BatonError
from features.moments import DAY, NEVER, Moments
from features.records import Events, Snapshots
from features.text_column import Codes

LONGEST_WINDOW: Final = 730 * DAY
"""Nothing is asked about more than two years back: an older record counts as two years old."""

Counts = NDArray[np.int64]


class Timeline:
    """The events that were known at each snapshot, counted and dated.

    An event is *known* from ``max(occurred, recorded)`` on: a call written down late is invisible
    until it was written down, and from then on counts in the windows of when it happened. With the
    events sorted by (lead, known) into the key ``lead * span + known - base of the lead``, the events
    known at a moment end at one position, found by one search for all snapshots at once.

    An event is in the window ``(as_of - window, as_of]`` if it is known at ``as_of`` and has not
    *expired*, which it does at ``max(known, occurred + window)``. Hence

        count in window = events known by as_of - events expired by as_of,

    each a binary search. Where nothing was recorded late the second order is the first one shifted,
    and the same key serves both.
    """

    def __init__(self, events: Events, snapshots: Snapshots) -> None:
        known = np.maximum(events.occurred, events.recorded)
        order = np.lexsort((events.occurred, known, events.lead))
        self._order = order
        self._lead = events.lead[order]
        self._occurred = events.occurred[order]
        self._known = known[order]
        self._late = bool((known != events.occurred).any())
        self._snapshots = snapshots
        self._base, self._span = _bases_and_span(self._lead, snapshots)
        self._key = self._key_of(self._lead, self._known)
        self.newest = self._search(self._key, 0)
        self.start = np.searchsorted(self._lead, snapshots.lead)
        # Bound to this timeline, so that what is remembered goes when the timeline goes.
        self._expired = cache(self._expired_by)

    def coded(self, codes: Codes) -> Codes:
        """Return the codes of events, given in the order of the records, in the timeline's order."""
        ordered: Codes = codes[self._order]
        return ordered

    def first_of(self, codes: Codes) -> Codes:
        """Return 0 for the first known event of each (lead, code) and -1 for its repetitions."""
        firsts = np.full(len(codes), -1, np.int32)
        wide = self._lead * (int(codes.max(initial=0)) + 1) + codes
        rows = np.flatnonzero(codes >= 0)
        firsts[rows[np.unique(wide[rows], return_index=True)[1]]] = 0
        return firsts

    @cached_property
    def days(self) -> Codes:
        """The UTC day of each event, as a code counted from the first."""
        day = self._occurred // DAY
        return np.asarray((day - day.min(initial=NEVER)).clip(max=2**20), np.int32)

    def counts(self, codes: Codes, labels: int, window: int | None = None) -> Counts:
        """Count the known events of each label: int64 of shape (snapshots, labels).

        ``codes`` are in the timeline's order; code -1 is counted nowhere. ``window`` is a length in
        microseconds, or None for all that is known.
        """
        running = _running_counts(codes, labels)
        newest: Counts = running[self.newest]
        if window is None:
            return newest - running[self.start]
        order, expired = self._expired(window)
        return newest - (running if order is None else _running_counts(codes[order], labels))[expired]

    def ages(self, codes: Codes, labels: int) -> NDArray[np.float64]:
        """Return the age in days of the latest known event of each label, of shape (snapshots, labels).

        NaN where there is none; at most `LONGEST_WINDOW`.
        """
        latest = np.zeros((len(codes) + 1, labels), np.int64)
        rows = np.flatnonzero(codes >= 0)
        latest[rows + 1, codes[rows]] = self._key_of(self._lead[rows], self._occurred[rows])
        np.maximum.accumulate(latest, axis=0, out=latest)
        lead = self._snapshots.lead
        found = latest[self.newest] - (lead * self._span)[:, np.newaxis]
        age = (self._snapshots.as_of - self._base[lead])[:, np.newaxis] - found
        return np.where(found > 0, np.minimum(age, LONGEST_WINDOW) / DAY, np.nan)

    def latest(self, codes: Codes) -> Codes:
        """Return the code of the event that became known last, of a tie the highest; -1 if there is none."""
        tied = codes[np.lexsort((codes, self._occurred, self._known, self._lead))]
        padded = np.append(tied, np.int32(-1))
        return np.where(self.newest > self.start, padded[self.newest - 1], np.int32(-1))

    def _expired_by(self, window: int) -> tuple[NDArray[np.intp] | None, NDArray[np.intp]]:
        """Return the order in which events expire (None: that of the timeline), and how many have."""
        if not self._late:
            return None, self._search(self._key, window)
        key = self._key_of(self._lead, np.maximum(self._known, self._occurred + window))
        # The key is nearly in order already, which a stable sort makes use of.
        order = np.argsort(key, kind="stable")
        return order, self._search(key[order], 0)

    def _key_of(self, lead: Moments, moment: Moments) -> Moments:
        inside: Moments = np.clip(moment - self._base[lead], 1, self._span - 1)
        return lead * self._span + inside

    def _search(self, key: Moments, window: int) -> NDArray[np.intp]:
        lead = self._snapshots.lead
        moment = self._snapshots.as_of - self._base[lead] - window
        return np.searchsorted(key, lead * self._span + moment, side="right")


def _bases_and_span(lead: Moments, snapshots: Snapshots) -> tuple[Moments, int]:
    """Return the moment that each lead's part of the key begins at, and how long every part is.

    Each lead begins by its own snapshots, so that one lead of 1970 does not lengthen the part of all.
    """
    leads = 1 + max(int(lead.max(initial=0)), int(snapshots.lead.max(initial=0)))
    first = np.full(leads, NEVER, np.int64)
    last = np.full(leads, -NEVER, np.int64)
    np.minimum.at(first, snapshots.lead, snapshots.as_of)
    np.maximum.at(last, snapshots.lead, snapshots.as_of)
    asked = first <= last
    watched = int((last[asked] - first[asked]).max(initial=0))
    span = watched + LONGEST_WINDOW + 3
    if leads * span > NEVER:
        raise BatonError(
            "the key of a timeline fits 64 bits",
            f"{leads} leads watched for {watched / DAY:g} days",
            "compute fewer leads at once, see features.records.by_blocks",
        )
    return np.where(asked, first, 0) - LONGEST_WINDOW - 1, span


def _running_counts(codes: Codes, labels: int) -> Counts:
    running = np.zeros((len(codes) + 1, labels), np.int64)
    rows = np.flatnonzero(codes >= 0)
    running[rows + 1, codes[rows]] = 1
    return np.cumsum(running, axis=0, out=running)
