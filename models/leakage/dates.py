"""Evidence from dates in a column: later than the lead they stand with, yet never later than the export."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from features.moments import DAY, NEVER
from models.leakage.evidence import Evidence
from models.leakage.facts import FEWEST, Column, Facts

LATER_SHARE: Final = 0.05
PLANNED_SHARE: Final = 0.1
FEWEST_YOUNG: Final = 10

_PLANS: Final = {
    True: ", and they are no plans: they were written when it happened",
    False: "; there are too few young leads to tell plans from what had happened",
}


def dated_later(facts: Facts, column: Column) -> Iterator[Evidence]:
    """The column holds dates more than a day after the moment, so it cannot have been known then.

    A planned date may lie in the future. If it were planned, most leads younger than the usual delay
    would hold dates that have not come yet; where they do not, the date was stamped when it happened,
    which is conclusive; with too few young leads to tell, it is a hint.
    """
    if column.times is None:
        return
    known = column.times != NEVER
    delay = np.where(known, column.times - facts.moment, 0)
    later = known & (delay > DAY)
    share = float(later.sum() / known.sum())
    if later.sum() < FEWEST or share < LATER_SHARE:
        return
    young = known & (facts.now - facts.moment < np.median(delay[later]))
    to_come = float((column.times[young] > facts.now).mean()) if young.any() else 0.0
    tellable = int(young.sum()) >= FEWEST_YOUNG
    if tellable and to_come >= PLANNED_SHARE:
        return
    days = float(np.median(delay[later]) / DAY)
    yield Evidence(
        "dated_later",
        "conclusive" if tellable else "hint",
        f"{later.sum():,} of {known.sum():,} dates ({share:.0%}) are later than the lead, by {days:.0f} "
        f"days in the median{_PLANS[tellable]}.",
        {"dates": int(known.sum()), "later": int(later.sum()), "median_days": days, "yet_to_come": to_come},
        (("later than the lead", share), ("known with the lead", 1 - share)),
    )
