"""How leads went through the revenue cycle in a month: how many moved on, at which rate, and how soon."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from data_checks.stages import REVENUE_CYCLE, STAGE_MEANINGS, StageName
from models.waiting_times import waiting_times
from serving.figures.file import Figures
from serving.figures.months import Month
from serving.figures.rates import Estimate

WITHIN_DAYS: Final = 30.0
"""Rates are of leads that went on within so many days: months of different age can be compared by it."""

LOOKED_AT: Final = 90.0
"""Days after a stage in which moves count for the waiting times."""

_DAY: Final = 86_400e6


@dataclass(frozen=True)
class Point:
    """A conversion point in a month: from one stage to the next that the agreement knows.

    ``moved`` leads reached ``to`` in the month, ``entered`` reached ``came_from``. ``rate`` is the share of
    these that reach ``to`` within 30 days. ``median``, ``soon`` and ``late`` are the days after which a half,
    a quarter and three quarters had moved on, of those that do within 90 days. Where a lead has not had its
    days yet, it counts for those that it has had.
    """

    came_from: StageName
    to: StageName
    moved: int
    entered: int
    rate: Estimate
    median: float | None
    soon: float | None
    late: float | None

    @property
    def meaning(self) -> str:
        """What the stage reached means, in words."""
        return STAGE_MEANINGS[self.to]


def stages_of(figures: Figures) -> tuple[StageName, ...]:
    """Return the stages of the revenue cycle that the CRM has; every lead begins in the first."""
    named = figures.agreement.stages
    later = [
        stage for stage in REVENUE_CYCLE[1:] if named.get(stage) or stage == figures.agreement.target.stage
    ]
    return (REVENUE_CYCLE[0], *later)


def conversion_points(figures: Figures, month: Month) -> tuple[Point, ...]:
    """Return the conversion points of a month, in the order of the cycle."""
    return tuple(_point(figures, month, *pair) for pair in pairwise(stages_of(figures)))


def _point(figures: Figures, month: Month, came_from: StageName, to: StageName) -> Point:
    since = "created_at" if came_from == REVENUE_CYCLE[0] else f"{came_from}_at"
    moved = figures.row(
        f"select count(*) as leads from leads where {to}_at >= $begins and {to}_at < $ends", month.bounds
    )["leads"]
    # A lead that has ended waits as long as any other of its age: until when each could have moved on is
    # known, so it counts neither for less nor for ever.
    entered = figures.arrays(
        f"""
        select greatest(date_diff('microsecond', {since}, coalesce({to}_at, $now)), 0)::double as waited,
          {to}_at is not null as went_on
        from leads where {since} >= $begins and {since} < $ends
        """,
        {**month.bounds, "now": figures.now},
    )
    leads = len(entered["waited"])
    times = waiting_times(entered["waited"] / _DAY, entered["went_on"].astype(bool))
    share, low, high = times.at(WITHIN_DAYS)
    rate = Estimate(share, low, high, leads) if leads else Estimate(None, None, None, 0)
    soon, median, late = (times.quantile(part, LOOKED_AT) for part in (0.25, 0.5, 0.75))
    return Point(came_from, to, moved, leads, rate, median, soon, late)
