"""Which leads marketing hands to sales on arrival, and when sales first calls and then reviews them.

Everything here follows from x, from who arrived before in the same week, and from chance: never from the
hidden class. So hand-off, call, delay and review say nothing about the class of an open lead, and cancel from
the likelihood. What the call changes is the hazard, through κ, which the oracle knows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from pipeline.sample_crm.arrays import Flags, Floats, Times
from pipeline.sample_crm.clock import DAY, NEVER, SECOND, WEEK, Clock
from pipeline.sample_crm.companies import Companies
from pipeline.sample_crm.hazard import CALL_DELAYS, Contact
from pipeline.sample_crm.people import People, channel_of
from pipeline.sample_crm.picklists import CHANNELS
from pipeline.sample_crm.settings import Settings
from pipeline.sample_crm.streams import draw_codes, stream

ROUTING_TAKES: Final = 600 * SECOND
REVIEW_DAYS: Final = 45
CALL_SHARES: Final = np.array([0.14, 0.14, 0.15, 0.13, 0.1, 0.1, 0.09, 0.06, 0.04, 0.02, 0.03])
"""How often each of CALL_DELAYS happens after a hand-off, and at last how often no call comes."""

_OFFICE_HOUR: Final = 168 / 50 / 24  # what an hour of the office adds to its clock, in days
_POINTS_BY_SENIORITY: Final = np.array([25, 25, 20, 10, 0])
_LIKED_CHANNELS: Final = ("Organic Search", "Event", "Partner")


@dataclass(frozen=True)
class Routing:
    """One row per lead, shape (leads,).

    ``propensity`` is the probability of a hand-off given all that was known on arrival; ``by_chance`` says
    that the random arm turned the decision over; ``handed_at`` is NEVER without a hand-off.
    """

    handed_at: Times
    propensity: Floats
    by_chance: Flags
    contact: Contact
    reviewed_at: Times


def route(settings: Settings, people: People, companies: Companies, desk: Clock) -> Routing:
    """Hand over the leads with enough points until the week's capacity is spent, but for the random arm."""
    rng = stream(settings.seed, "routing")
    wanted = _within_capacity(settings, people, _old_points(people, companies))
    turned = rng.random(settings.leads) < settings.random_arm
    handed = wanted ^ turned
    delay = draw_codes(rng, CALL_SHARES[None, :], np.zeros(settings.leads, dtype=np.int64))
    options = call_options(people.created, desk)
    called_at = np.where(handed, options[np.arange(settings.leads), delay], NEVER)
    return Routing(
        handed_at=np.where(handed, people.created + ROUTING_TAKES, NEVER),
        propensity=np.where(wanted, 1 - settings.random_arm, settings.random_arm),
        by_chance=turned,
        contact=Contact(people.created, called_at, delay),
        reviewed_at=desk.when(desk.at(people.created + REVIEW_DAYS * DAY)),
    )


def call_options(created: Times, desk: Clock) -> Times:
    """Return the moments at which a lead may be called first if handed over, shape (leads, delays + 1)."""
    shown = desk.at(created + ROUTING_TAKES)[:, None] + CALL_DELAYS * _OFFICE_HOUR
    return np.hstack([desk.when(shown), np.full((len(created), 1), NEVER)])


def _old_points(people: People, companies: Companies) -> Floats:
    """Return the points of the old rule, which looks at post, size and channel only."""
    size = np.where(people.gaps["number_of_employees"], 0.0, companies.log_size[people.company])
    liked = np.isin(channel_of(people.source), [CHANNELS.index(name) for name in _LIKED_CHANNELS])
    return np.asarray(_POINTS_BY_SENIORITY[people.seniority] + 4.0 * np.clip(size, 0, 7) + 15.0 * liked)


def _within_capacity(settings: Settings, people: People, points: Floats) -> Flags:
    """Take the better half by points, first come first served, within each week's capacity."""
    good = points >= np.quantile(points, 0.5)
    week = (people.created - people.created[0]) // WEEK
    weeks = max(1.0, (people.created[-1] - people.created[0]) / WEEK)
    capacity = max(1, round(settings.handed_share * settings.leads / weeks))
    running = np.concatenate([[0], np.cumsum(good)])
    return np.asarray(good & (running[1:] - running[np.searchsorted(week, week)] <= capacity))
