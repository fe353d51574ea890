"""What leads do: a self-exciting (Hawkes) process, drawn exactly by its family tree.

An open or closed lead of class z acts at the rate ``λ_z(t) = o(t) · (w · m_c · ρ(x) · μ · l(t) · s(t) + b(t) +
α · β · Σ exp(−β (t − t_j)))`` per day: s is the weekly rhythm, l falls once interest has ended, b are the mails that a
gateway opens, and o is 0 in a tracking outage and 1 otherwise. In an outage nothing *happens*, rather than happening
unseen: an unseen event would excite seen ones, and the likelihood of the record would need a sum over all the
unseen. For the same reason what a gateway opens excites like any other mail opened.

Uploaded kinds (webinar attendance, visits to a stand) neither excite nor are excited, so that a list which is
uploaded days later can be thinned out of the likelihood exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from pipeline.sample_crm.classes import Classes, intents, lapsed_factor
from pipeline.sample_crm.clock import DAY, HOUR, SECOND, WORLD_ENDS, Clock, Floats, Times
from pipeline.sample_crm.companies import Codes
from pipeline.sample_crm.fit import Fit
from pipeline.sample_crm.kinds import EMAIL_OPENED, KINDS, TRACKED, draw_marks, marks
from pipeline.sample_crm.people import DRIFT_SETS_IN, People, channel_of
from pipeline.sample_crm.picklists import CHANNELS
from pipeline.sample_crm.settings import Settings
from pipeline.sample_crm.streams import stream

BASE_RATE: Final = 0.15  # μ, a day
EXCITATION: Final = 0.45  # α, events that one event brings about
DECAY: Final = 2.0  # β, a day
OTHERS: Final = 0.45  # m_0, what others do beside buyers
UPLOADED_RATE: Final = 0.015  # a day
UPLOAD_LAGS: Final = np.array([0.0, 2.0, 6.0, 15.0])  # days until the list is handed in
UPLOAD_SHARES: Final = np.array([0.3, 0.35, 0.25, 0.1])
NIGHTLY_LOAD: Final = 5 * HOUR

_ENTRY_KINDS: Final = (
    *("Form Fill", "Form Fill", "Form Fill", "Webinar Registered"),
    *("Form Fill", "Inbound Call", "Content Download", "Page Visit"),
)


@dataclass(frozen=True)
class Events:
    """What leads did, in order of lead and of the time at which it was recorded, shape (events,).

    ``kind`` is a position in KINDS, ``asset`` in ALL_ASSETS and ``product`` in PRODUCTS (-1: none). ``entry`` marks the
    event that brought the lead in, whose kind follows from its source.
    """

    lead: Codes
    occurred: Times
    recorded: Times
    kind: Codes
    asset: Codes
    product: Codes
    entry: Codes


def activity_factor(settings: Settings, buyer: Codes) -> Floats:
    """Return m_c."""
    return np.where(buyer == 1, 1.0, OTHERS**settings.effect_scale)


def outage(settings: Settings, starts: int) -> tuple[int, int]:
    """Return the moments between which nothing is tracked."""
    begins = drift_sets_in(starts)
    return begins, begins + round(settings.outage_days * DAY)


def drift_sets_in(starts: int) -> int:
    """Return the moment of the sudden changes, a midnight."""
    return starts + round((WORLD_ENDS - starts) * DRIFT_SETS_IN / DAY) * DAY


def draw_tracked(settings: Settings, people: People, fit: Fit, classes: Classes, rhythm: Clock) -> Events:
    """Draw what the web site and the mail system saw."""
    rng = stream(settings.seed, "tracked")
    lead, occurred = _immigrants(rng, settings, people, fit, classes, rhythm, BASE_RATE)
    silent = outage(settings, rhythm.starts)
    bot_lead, bot_times = _bots(rng, settings, people, silent)
    entry_at = people.created + rng.integers(1 * SECOND, 120 * SECOND, settings.leads)
    roots = [np.arange(settings.leads), bot_lead, lead]
    moments = [entry_at, bot_times, occurred]
    fixed = sum(len(root) for root in roots[:2])
    lead, occurred = _offspring(rng, np.concatenate(roots), np.concatenate(moments), silent)
    buyer = classes.buyer[lead].astype(np.int64)
    kind = _draw_kinds(rng, marks(settings.effect_scale).tracked, buyer)
    kind[: settings.leads] = np.array([KINDS.index(name) for name in _ENTRY_KINDS])[channel_of(people.source)]
    kind[settings.leads : fixed] = EMAIL_OPENED
    asset, product = draw_marks(rng, marks(settings.effect_scale), kind, buyer, fit.product[lead])
    entry = (np.arange(len(lead)) < settings.leads).astype(np.int64)
    return _sorted(Events(lead, occurred, occurred, kind, asset, product, entry))


def draw_uploaded(settings: Settings, people: People, fit: Fit, classes: Classes, rhythm: Clock) -> Events:
    """Draw what came in by list, each recorded by the first nightly load after its list was handed in."""
    rng = stream(settings.seed, "uploaded")
    lead, occurred = _immigrants(rng, settings, people, fit, classes, rhythm, UPLOADED_RATE)
    lag = rng.choice(UPLOAD_LAGS, len(lead), p=UPLOAD_SHARES) * DAY
    recorded = next_load(occurred + lag.astype(np.int64))
    buyer = classes.buyer[lead].astype(np.int64)
    kind = len(TRACKED) + _draw_kinds(rng, marks(settings.effect_scale).uploaded, buyer)
    asset, product = draw_marks(rng, marks(settings.effect_scale), kind, buyer, fit.product[lead])
    return _sorted(
        Events(lead, occurred, recorded, kind, asset, product, np.zeros(len(lead), dtype=np.int64))
    )


def next_load(times: Times) -> Times:
    """Return the first nightly load at or after ``times``."""
    return times + (NIGHTLY_LOAD - times) % DAY


def _immigrants(
    rng: np.random.Generator,
    settings: Settings,
    people: People,
    fit: Fit,
    classes: Classes,
    rhythm: Clock,
    base: float,
) -> tuple[Codes, Times]:
    """Draw what leads do of their own accord: Poisson on the rhythm's clock, less once interest has ended."""
    rate = base * fit.activity * intents(settings)[classes.intent]
    rate = rate * activity_factor(settings, classes.buyer.astype(np.int64))
    lapses = np.minimum(classes.lapses_at, WORLD_ENDS)
    lead, times = [], []
    for begins, ends, factor in (
        (people.created, lapses, 1.0),
        (lapses, np.full_like(lapses, WORLD_ENDS), lapsed_factor(settings)),
    ):
        low, high = rhythm.at(begins), rhythm.at(ends)
        who = np.repeat(np.arange(len(rate)), rng.poisson(rate * factor * (high - low)))
        lead.append(who)
        times.append(rhythm.when(low[who] + rng.random(len(who)) * (high - low)[who]))
    return np.concatenate(lead), np.concatenate(times)


def _bots(
    rng: np.random.Generator, settings: Settings, people: People, silent: tuple[int, int]
) -> tuple[Codes, Times]:
    """Draw the mails opened by a gateway, Poisson, from the arrival of the drift on."""
    begins = np.maximum(people.created, silent[0])
    days = (WORLD_ENDS - begins) / DAY
    who = np.repeat(np.arange(len(days)), rng.poisson(settings.bot_opens_per_day * days))
    times = begins[who] + np.floor(rng.random(len(who)) * (WORLD_ENDS - begins)[who]).astype(np.int64)
    seen = times >= silent[1]
    return who[seen], times[seen]


def _offspring(
    rng: np.random.Generator, lead: Codes, occurred: Times, silent: tuple[int, int]
) -> tuple[Codes, Times]:
    """Add the children, their children and so on; drop what falls in the outage or after the end of the world."""
    all_leads, all_times = [lead], [occurred]
    while len(lead):
        who = np.repeat(np.arange(len(lead)), rng.poisson(EXCITATION, len(lead)))
        wait = rng.exponential(DAY / DECAY, len(who)).astype(np.int64)
        lead, occurred = lead[who], occurred[who] + wait
        seen = (occurred < WORLD_ENDS) & ~((occurred >= silent[0]) & (occurred < silent[1]))
        lead, occurred = lead[seen], occurred[seen]
        all_leads.append(lead)
        all_times.append(occurred)
    return np.concatenate(all_leads), np.concatenate(all_times)


def _draw_kinds(rng: np.random.Generator, shares: Floats, buyer: Codes) -> Codes:
    level = rng.random(len(buyer))
    return (level[:, None] > np.cumsum(shares, axis=1)[buyer]).sum(axis=1).clip(max=shares.shape[1] - 1)


def _sorted(events: Events) -> Events:
    order = np.lexsort((events.occurred, events.recorded, events.lead))
    return Events(*(getattr(events, name)[order] for name in events.__dataclass_fields__))
