"""Which leads marketing hands to sales on arrival, and when sales first calls them.

Everything here follows from x, from who arrived before in the same week, and from chance: never from the hidden
class. So the hand-off, the call and its delay say nothing about the class of an open lead, and their factors cancel
from the likelihood; what they change is the hazard, through the factor κ of `hazard`, which the oracle knows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from pipeline.sample_crm.clock import NEVER, SECOND, WEEK, Clock, Floats, Times
from pipeline.sample_crm.companies import Codes, Companies
from pipeline.sample_crm.people import Flags, People, channel_of
from pipeline.sample_crm.picklists import CHANNELS
from pipeline.sample_crm.settings import Settings
from pipeline.sample_crm.streams import stream

ROUTING_TAKES: Final = 600 * SECOND
CALL_DELAYS: Final = np.array([0.5, 1, 2, 4, 6, 10, 20, 35, 60, 100])  # office hours after the hand-off
CALL_SHARES: Final = np.array(
    [0.14, 0.14, 0.15, 0.13, 0.1, 0.1, 0.09, 0.06, 0.04, 0.02, 0.03]
)  # the last: never
OFFICE_DAYS_PER_HOUR: Final = 168 / 50 / 24  # an hour of the office moves its clock by this many days

_WANTED_SENIORITY: Final = np.array([25, 25, 20, 10, 0])
_WANTED_CHANNELS: Final = ("Organic Search", "Event", "Partner")


@dataclass(frozen=True)
class Routing:
    """One row per lead, shape (leads,).

    ``propensity`` is the probability of a hand-off given everything known when the lead arrived, ``by_chance`` says
    that the random arm turned the decision over, ``handed_at`` and ``called_at`` are NEVER where it did not happen,
    ``calls`` is the position of the delay in CALL_DELAYS, or its length for a hand-off never called.
    """

    handed_at: Times
    propensity: Floats
    by_chance: Flags
    called_at: Times
    calls: Codes


def route(settings: Settings, people: People, companies: Companies, desk: Clock) -> Routing:
    """Hand over the leads with enough points until the week's capacity is spent, but for the random arm."""
    rng = stream(settings.seed, "routing")
    number = settings.leads
    wanted = _within_capacity(settings, people, old_points(people, companies))
    turned = rng.random(number) < settings.random_arm
    handed = wanted ^ turned
    handed_at = np.where(handed, people.created + ROUTING_TAKES, NEVER)
    calls = rng.choice(len(CALL_SHARES), number, p=CALL_SHARES)
    options = call_options(people.created + ROUTING_TAKES, desk)
    called_at = np.where(handed, options[np.arange(number), calls], NEVER)
    propensity = np.where(wanted, 1 - settings.random_arm, settings.random_arm)
    return Routing(handed_at, propensity, turned, called_at, calls)


def call_options(handed_at: Times, desk: Clock) -> Times:
    """Return the moments at which a lead handed over then may be called first, shape (leads, delays + 1)."""
    shown = desk.at(handed_at)[:, None] + CALL_DELAYS * OFFICE_DAYS_PER_HOUR
    never = np.full((len(handed_at), 1), NEVER, dtype=np.int64)
    return np.hstack([desk.when(shown), never])


def old_points(people: People, companies: Companies) -> Floats:
    """Return the points of the old rule, which looks at post, size and channel only."""
    size = np.where(people.gaps["number_of_employees"], 0.0, companies.log_size[people.company])
    liked = np.isin(channel_of(people.source), [CHANNELS.index(name) for name in _WANTED_CHANNELS])
    return np.asarray(_WANTED_SENIORITY[people.seniority] + 4.0 * np.clip(size, 0, 7) + 15.0 * liked)


def _within_capacity(settings: Settings, people: People, points: Floats) -> Flags:
    """Take leads above the points that half of them reach, first come first served, within each week's capacity."""
    good = points >= np.quantile(points, 0.5)
    week = (people.created - people.created[0]) // WEEK
    weeks = max(1.0, (people.created[-1] - people.created[0]) / WEEK)
    capacity = max(1, round(settings.handed_share * settings.leads / weeks))
    running = np.cumsum(good)
    before_week = np.concatenate([[0], running])[np.searchsorted(week, week)]
    return np.asarray(good & (running - before_week <= capacity))


HOURS_AGREED: Final = 4.0
UNCALLED: Final = 0.45


def kappa(settings: Settings) -> tuple[float, Floats]:
    """Return κ before any call, and after a call by its delay, shape (delays + 1,).

    1 for a call within the agreed HOURS_AGREED office hours, then falling with the fourth root of the delay.
    """
    after = np.maximum(UNCALLED, np.minimum(1.0, (CALL_DELAYS / HOURS_AGREED) ** -0.25))
    powered = np.append(after, UNCALLED) ** settings.effect_scale
    return UNCALLED**settings.effect_scale, powered
