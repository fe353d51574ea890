"""Draw what leads do: a self-exciting (Hawkes) process, drawn exactly by its family tree.

A lead of class z acts at the rate, per day, ``λ_z(t) = o(t) · (w · m_c · rho(x) · μ · l(t) · s(t) + b(t) +
alpha · β · Σ exp(-β (t - t_j)))``: s is the weekly rhythm, l falls once interest has ended, b are the mails
that a gateway opens, and o is 0 in a tracking outage and 1 otherwise.

Two choices keep the likelihood of the record exact. In an outage nothing *happens*, rather than happening
unseen: an unseen event would excite seen ones, and one would have to sum over all that was not seen. For the
same reason a mail opened by the gateway excites like any other. And uploaded kinds (webinar attendance,
visits to a stand) neither excite nor are excited, so that a list which comes in days later can be thinned out
of the likelihood.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from pipeline.sample_crm.arrays import Codes, Floats, Times
from pipeline.sample_crm.classes import Classes
from pipeline.sample_crm.clock import DAY, HOUR, SECOND, WORLD_ENDS, Clock
from pipeline.sample_crm.clocks import Clocks, outage
from pipeline.sample_crm.events import Events
from pipeline.sample_crm.fit import Fit
from pipeline.sample_crm.grids import activity_factors, intents, lapsed_factor
from pipeline.sample_crm.kinds import EMAIL_OPENED, KINDS, TRACKED, Marks, draw_marks, marks
from pipeline.sample_crm.people import People, channel_of
from pipeline.sample_crm.settings import Settings
from pipeline.sample_crm.streams import draw_codes, stream

OWN_RATE: Final = 0.15  # μ, a day
EXCITATION: Final = 0.45  # alpha, events that one event brings about
DECAY: Final = 2.0  # β, a day
UPLOADED_RATE: Final = 0.015  # a day
UPLOAD_LAGS: Final = np.array([0, 2, 6, 15]) * DAY
UPLOAD_SHARES: Final = np.array([0.3, 0.35, 0.25, 0.1])
NIGHTLY_LOAD: Final = 5 * HOUR

# By channel, in the order of CHANNELS.
_ENTRY_KINDS: Final = (
    *("Form Fill", "Form Fill", "Form Fill", "Webinar Registered"),
    *("Form Fill", "Inbound Call", "Content Download", "Page Visit"),
)


@dataclass(frozen=True)
class _Drives:
    """What drives each lead, shape (leads,): ``rate`` is w · m_c · rho(x), ``wanted`` its product."""

    created: Times
    lapses: Times
    rate: Floats
    lapsed: float
    buyer: Codes
    wanted: Codes


def draw_events(
    settings: Settings, people: People, fit: Fit, classes: Classes, clocks: Clocks
) -> tuple[Events, Events]:
    """Draw what web site and mail system tracked, and what came in by uploaded lists."""
    buyer = classes.buyer.astype(np.int64)
    rate = fit.activity * intents(settings)[classes.intent] * activity_factors(settings)[buyer]
    lapses = np.minimum(classes.lapses_at, WORLD_ENDS)
    drives = _Drives(people.created, lapses, rate, lapsed_factor(settings), buyer, fit.product)
    entries = np.array([KINDS.index(name) for name in _ENTRY_KINDS])[channel_of(people.source)]
    tracked = _tracked(settings, drives, clocks.tracking, entries)
    return tracked, _uploaded(settings, drives, clocks.plain)


def last_load(at: Times) -> Times:
    """Return the last nightly load before ``at``."""
    return (at - 1 - NIGHTLY_LOAD) // DAY * DAY + NIGHTLY_LOAD


def _tracked(settings: Settings, drives: _Drives, tracking: Clock, entries: Codes) -> Events:
    rng = stream(settings.seed, "tracked")
    number, laws = settings.leads, marks(settings.effect_scale)
    entry_at = drives.created + rng.integers(1 * SECOND, 120 * SECOND, number)
    bot_lead, bot_at = _gateway(rng, settings, drives.created)
    own_lead, own_at = _of_own_accord(rng, drives, tracking, OWN_RATE)
    lead, occurred = _with_offspring(
        rng,
        np.concatenate([np.arange(number), bot_lead, own_lead]),
        np.concatenate([entry_at, bot_at, own_at]),
        outage(settings),
    )
    kind = draw_codes(rng, laws.tracked, drives.buyer[lead])
    kind[:number] = entries
    kind[number : number + len(bot_lead)] = EMAIL_OPENED
    unmarked, entry = np.full(len(lead), -1), np.arange(len(lead)) < number
    return _marked(rng, laws, drives, Events(lead, occurred, occurred, kind, unmarked, unmarked, entry))


def _uploaded(settings: Settings, drives: _Drives, rhythm: Clock) -> Events:
    """Draw what is recorded by the first nightly load after its list was handed in."""
    rng = stream(settings.seed, "uploaded")
    laws = marks(settings.effect_scale)
    lead, occurred = _of_own_accord(rng, drives, rhythm, UPLOADED_RATE)
    handed_in = occurred + UPLOAD_LAGS[rng.choice(len(UPLOAD_LAGS), len(lead), p=UPLOAD_SHARES)]
    recorded = handed_in + (NIGHTLY_LOAD - handed_in) % DAY
    kind = len(TRACKED) + draw_codes(rng, laws.uploaded, drives.buyer[lead])
    unmarked, entry = np.full(len(lead), -1), np.zeros(len(lead), dtype=np.bool_)
    return _marked(rng, laws, drives, Events(lead, occurred, recorded, kind, unmarked, unmarked, entry))


def _marked(rng: np.random.Generator, laws: Marks, drives: _Drives, events: Events) -> Events:
    asset, product = draw_marks(rng, laws, events.kind, drives.buyer[events.lead], drives.wanted[events.lead])
    return replace(events, asset=asset, product=product).in_order()


def _of_own_accord(
    rng: np.random.Generator, drives: _Drives, clock: Clock, base: float
) -> tuple[Codes, Times]:
    """Draw what leads do of their own accord: Poisson on the clock, less once interest has ended."""
    arrival, lapse = clock.at(drives.created), clock.at(drives.lapses)
    end = np.full_like(lapse, clock.at(WORLD_ENDS))
    lead, times = [], []
    for low, high, factor in ((arrival, lapse, 1.0), (lapse, end, drives.lapsed)):
        who = np.repeat(np.arange(len(low)), rng.poisson(base * factor * drives.rate * (high - low)))
        lead.append(who)
        times.append(clock.when(low[who] + rng.random(len(who)) * (high - low)[who]))
    return np.concatenate(lead), np.concatenate(times)


def _gateway(rng: np.random.Generator, settings: Settings, created: Times) -> tuple[Codes, Times]:
    begins, resumes = outage(settings)
    since = np.maximum(created, begins)
    opened = rng.poisson(settings.bot_opens_per_day * (WORLD_ENDS - since) / DAY)
    who = np.repeat(np.arange(len(since)), opened)
    times = since[who] + np.floor(rng.random(len(who)) * (WORLD_ENDS - since)[who]).astype(np.int64)
    return who[times >= resumes], times[times >= resumes]


def _with_offspring(
    rng: np.random.Generator, lead: Codes, occurred: Times, silent: tuple[int, int]
) -> tuple[Codes, Times]:
    """Append the children, their children and so on, but for those in the outage or after the end."""
    leads, times = [lead], [occurred]
    while len(lead):
        who = np.repeat(np.arange(len(lead)), rng.poisson(EXCITATION, len(lead)))
        occurred = occurred[who] + rng.exponential(DAY / DECAY, len(who)).astype(np.int64)
        seen = (occurred < WORLD_ENDS) & ((occurred < silent[0]) | (occurred >= silent[1]))
        lead, occurred = lead[who][seen], occurred[seen]
        leads.append(lead)
        times.append(occurred)
    return np.concatenate(leads), np.concatenate(times)
