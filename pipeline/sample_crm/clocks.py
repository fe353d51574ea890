"""The three clocks of one world, and when its drift sets in."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from pipeline.sample_crm.clock import DAY, HOUR, WORLD_ENDS, Clock, office, rhythm, world_starts
from pipeline.sample_crm.settings import Settings

DRIFT_SETS_IN: Final = 2 / 3


@dataclass(frozen=True)
class Clocks:
    """``desk`` runs in office hours, ``plain`` with what people do, ``tracking`` with what is tracked."""

    starts: int
    desk: Clock
    plain: Clock
    tracking: Clock


@lru_cache(maxsize=8)
def clocks_of(settings: Settings) -> Clocks:
    """Return the clocks of a world with these settings."""
    starts = world_starts(settings.months)
    return Clocks(starts, office(starts), rhythm(starts), rhythm(starts, outage(settings)))


def drift_sets_in(settings: Settings) -> int:
    """Return the moment of the sudden changes, a midnight, in milliseconds."""
    starts = world_starts(settings.months)
    return starts + round((WORLD_ENDS - starts) * DRIFT_SETS_IN / DAY) * DAY


def outage(settings: Settings) -> tuple[int, int]:
    """Return the full hours between which nothing is tracked, in milliseconds."""
    begins = drift_sets_in(settings)
    return begins, begins + round(settings.outage_days * 24) * HOUR
