"""One type of activity, as the evidence about activities looks at it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from features.moments import HOUR, NEVER, SECOND, Moments
from models.leakage.facts import FEWEST, Facts, Flags

MINUTE: Final = 60 * SECOND


@dataclass(frozen=True)
class ActivityType:
    """The records of one type (its folded name), one row a record.

    ``created``, ``ended`` and ``reached`` are those of each record's lead; see :class:`Facts`.
    ``base_rate`` is the share of all leads that reached the target, ``shortly`` how long before the
    outcome counts as with it: a hundredth of the usual way to it, in microseconds.
    """

    name: str
    lead: Moments
    occurred: Moments
    recorded: Moments
    created: Moments
    ended: Moments
    reached: Moments
    base_rate: float
    shortly: int

    def __len__(self) -> int:
        return len(self.lead)

    @cached_property
    def afterwards(self) -> Flags:
        """Whether a record is dated at the end of its lead, or after it."""
        return np.asarray(self.occurred >= self.ended)


def activity_types_of(facts: Facts) -> Iterator[ActivityType]:
    """Return the types of activity with at least twenty records, in alphabetical order."""
    activities = facts.records.activities
    folded = activities.texts["activity_type"].folded()
    order = np.argsort(folded.codes, kind="stable")
    base_rate = float((facts.reached != NEVER).mean()) if len(facts.reached) else 0.0
    shortly = _shortly(facts)
    codes = folded.codes[order]
    for label, code in sorted(zip(folded.labels, range(len(folded.labels)), strict=True)):
        rows = order[slice(*np.searchsorted(codes, (code, code + 1)))]
        if len(rows) >= FEWEST:
            lead = activities.lead[rows]
            yield ActivityType(
                label,
                lead,
                activities.occurred[rows],
                activities.recorded[rows],
                facts.records.created[lead],
                facts.ended[lead],
                facts.reached[lead],
                base_rate,
                shortly,
            )


def _shortly(facts: Facts) -> int:
    """Return a hundredth of the median time to the end, at least a minute and at most an hour."""
    took = (facts.ended - facts.records.created)[facts.ended != NEVER]
    usual = float(np.median(took)) if len(took) else 0.0
    return int(np.clip(usual / 100, MINUTE, HOUR))
