"""Dated records of many leads as one sorted integer key, so that any as-of question is a binary search."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from data_checks.errors import BatonError
from features.lanes import Lane, Late, Positions, Prompt, Tally
from features.moments import DAY, NEVER, Moments
from features.records import Events, Snapshots
from features.text_column import Codes

LONGEST_WINDOW: Final = 730 * DAY
"""Nothing is asked about more than two years back: an older record counts as two years old."""


class Timeline:
    """The events that were known at each snapshot, counted and dated.

    An event is *known* from ``max(occurred, recorded)`` on: a call written down late is invisible
    until it was written down, and from then on counts in the windows of when it happened. With the
    events sorted by (lead, known) into the key ``lead * span + known - base of the lead``, the events
    known at a moment end at one position, found by one search for all snapshots at once.

    An event is in the window ``(as_of - window, as_of]`` if it is known at ``as_of`` and has not
    *expired*, which it does at ``max(known, occurred + window)``. Hence

        count in window = events known by as_of - events expired by as_of,

    each a binary search. Events recorded as they happened expire in the order in which they became
    known, so that the same key serves both; those written down late are kept in a lane of their own.
    """

    def __init__(self, events: Events, snapshots: Snapshots) -> None:
        known = np.maximum(events.occurred, events.recorded)
        late = known != events.occurred
        self._scale = _scale_of(events.lead, snapshots)
        self._snapshots = snapshots
        self._order = _sorting(events.lead, known, events.occurred if late.any() else None)
        self._lead, self.occurred = events.lead[self._order], events.occurred[self._order]
        self.known = known[self._order]
        self._key = self._scale.key(self._lead, self.known)
        self._asked = self._scale.asked(snapshots)
        self.newest = np.searchsorted(self._key, self._asked, side="right")
        self.start = np.searchsorted(self._lead, snapshots.lead)
        self._late = late[self._order]

    def __len__(self) -> int:
        return len(self._lead)

    def coded(self, codes: Codes) -> Codes:
        """Return the codes of events, given in the order of the records, in the timeline's order."""
        ordered: Codes = codes[self._order]
        return ordered

    @property
    def in_records(self) -> Positions:
        """The position of each event in the records that the timeline was made of."""
        return np.arange(len(self), dtype=np.intp)[self._order]

    def first_of(self, codes: Codes) -> Codes:
        """Return 0 for the first known event of each (lead, code) and -1 for its repetitions."""
        firsts = np.full(len(codes), -1, np.int32)
        rows = np.flatnonzero(codes >= 0)
        wide = (self._lead * (int(codes.max(initial=0)) + 1) + codes)[rows]
        order = np.argsort(wide, kind="stable")
        firsts[rows[order[:1]]] = 0
        firsts[rows[order[1:][_changes(wide[order])]]] = 0
        return firsts

    def answers(self, calls: NDArray[np.bool_], within: int) -> Codes:
        """Return 0 for each event that follows a call of the same lead and -1 for all others.

        It follows if, of the calls known when it became known, the latest lies at most ``within``
        microseconds before it. A call is no answer to another.
        """
        rank, occurred = ranked_by_occurrence(self._lead, self.occurred)
        called = np.maximum.accumulate(np.where(calls, rank, -1))[self._last_known_together]
        same_lead = (called >= 0) & (self._lead[called] == self._lead)
        since = self.occurred - occurred[called]
        return np.where(~calls & same_lead & (since >= 0) & (since <= within), 0, -1).astype(np.int32)

    @property
    def _last_known_together(self) -> Positions:
        """For each event, the last of those of its lead that became known in the same moment."""
        ends = np.flatnonzero(np.append(_changes(self._lead) | _changes(self.known), True))
        return np.repeat(ends, np.diff(ends, prepend=-1)) if len(self) else ends[:0]

    @cached_property
    def days(self) -> Codes:
        """The UTC day of each event, as a code counted from the first."""
        day = self.occurred // DAY
        return np.asarray((day - day.min(initial=NEVER)).clip(max=2**20), np.int32)

    def tally(self, codes: Codes, labels: int) -> Tally:
        """Return the events by label. ``codes`` are in the timeline's order; -1 is counted nowhere."""
        return Tally([lane.tally(codes[lane.rows], labels) for lane in self.lanes])

    def latest(self, codes: Codes) -> Codes:
        """Return the code of the event that became known last, of a tie the highest; -1 if there is none."""
        tied = codes[np.lexsort((codes, self.occurred, self.known, self._lead))]
        padded = np.append(tied, np.int32(-1))
        return np.where(self.newest > self.start, padded[self.newest - 1], np.int32(-1))

    @cached_property
    def lanes(self) -> tuple[Lane, ...]:
        """The events recorded as they happened and, if there are such, those written down late."""
        if not self._late.any():
            return (Prompt(slice(None), self.occurred, self.newest, self.start, self._key, self._asked),)
        return (self._prompt_lane(np.flatnonzero(~self._late)), self._late_lane(np.flatnonzero(self._late)))

    def _prompt_lane(self, rows: Positions) -> Prompt:
        newest, start = self._known_among(rows)
        return Prompt(rows, self.occurred[rows], newest, start, self._key[rows], self._asked)

    def _late_lane(self, rows: Positions) -> Late:
        newest, start = self._known_among(rows)
        return Late.of(rows, self.occurred[rows], newest, start, self._snapshots.as_of)

    def _known_among(self, rows: Positions) -> tuple[Positions, Positions]:
        newest = np.searchsorted(self._key[rows], self._asked, side="right")
        return newest, np.searchsorted(self._lead[rows], self._snapshots.lead)


@dataclass(frozen=True)
class _Scale:
    """How moments of leads become one key: ``lead * span + moment - base of the lead``."""

    base: Moments
    span: int

    def key(self, lead: Moments, moment: Moments) -> Moments:
        """Return the key of moments; one outside of what is ever asked counts as just outside."""
        inside = np.minimum(np.maximum(moment - self.base[lead], 1), self.span - 1)
        return np.asarray(lead * self.span + inside)

    def asked(self, snapshots: Snapshots) -> Moments:
        """Return the key of the snapshots."""
        moment: Moments = snapshots.lead * self.span + (snapshots.as_of - self.base[snapshots.lead])
        return moment


def _scale_of(lead: Moments, snapshots: Snapshots) -> _Scale:
    """Return the scale in which each lead begins by its own snapshots.

    So one lead of 1970 does not lengthen the part of all.
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
    return _Scale(np.where(asked, first, 0) - LONGEST_WINDOW - 1, span)


def _sorting(lead: Moments, known: Moments, occurred: Moments | None) -> slice | Positions:
    """Return what sorts events, given in the order of their leads, by (lead, known, occurred)."""
    if occurred is not None:
        return np.lexsort((occurred, known, lead))
    if not bool((~_changes(lead) & (known[1:] < known[:-1])).any()):
        return slice(None)
    first, span = int(known.min()), int(known.max()) - int(known.min()) + 1
    if (int(lead.max()) + 1) * span > NEVER:
        return np.lexsort((known, lead))
    return np.argsort(lead * span + (known - first), kind="stable")


def ranked_by_occurrence(lead: Moments, occurred: Moments) -> tuple[Positions, Moments]:
    """Return each event's rank by (lead, occurred), and the events' moments in that order."""
    order = _sorting(lead, occurred, None)
    rank = np.empty(len(lead), np.intp)
    rank[order] = np.arange(len(lead), dtype=np.intp)
    return rank, occurred[order]


def _changes(values: Moments) -> NDArray[np.bool_]:
    changes: NDArray[np.bool_] = values[1:] != values[:-1]
    return changes
