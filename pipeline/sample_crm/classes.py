"""The hidden class of a lead: buyer or not, how intent, and how long interested."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from pipeline.sample_crm.clock import DAY, NEVER, Clock, Floats, Times
from pipeline.sample_crm.companies import Codes
from pipeline.sample_crm.shapes import sigmoid
from pipeline.sample_crm.fit import Fit
from pipeline.sample_crm.hazard import FIT_IN_HAZARD, LAPSED, Exposure
from pipeline.sample_crm.people import Flags, People
from pipeline.sample_crm.routing import Routing, kappa
from pipeline.sample_crm.settings import Settings
from pipeline.sample_crm.streams import stream

# Means of the nine equal parts of Gamma(2, 2), so nine equally likely values with mean 1. The grid bounds the intent,
# which keeps the self-exciting process from exploding, and makes Bayes' rule a finite sum.
INTENTS: Final = np.array([0.1797, 0.3647, 0.5185, 0.6728, 0.8402, 1.0341, 1.2775, 1.6289, 2.4835])
INTEREST_DAYS: Final = (10, 30, 90, None)
INTEREST_SHARES: Final = np.array([[0.40, 0.30, 0.20, 0.10], [0.10, 0.20, 0.30, 0.40]])  # others, buyers
RATE_DAYS: Final = 90


@dataclass(frozen=True)
class Classes:
    """The hidden class z = (c, w, τ) of each lead, shape (leads,); codes are positions in the grids.

    ``log_odds`` is the log-odds of being a buyer given x and the time of arrival, and ``converts_at`` the moment T at
    which the lead reaches SQL, had nobody disqualified it before; NEVER for all but buyers.
    """

    buyer: Flags
    intent: Codes
    interest: Codes
    lapses_at: Times
    log_odds: Floats
    converts_at: Times


def draw_classes(settings: Settings, people: People, fit: Fit, routing: Routing, desk: Clock) -> Classes:
    """Draw the classes such that ``base_rate`` of the leads are expected to reach SQL within 90 days."""
    rng = stream(settings.seed, "classes")
    number = settings.leads
    log_odds = _log_odds(settings, people, fit, routing, desk)
    buyer = rng.random(number) < sigmoid(log_odds)
    intent = rng.integers(len(INTENTS), size=number)
    level = rng.random(number)
    interest = (level[:, None] > np.cumsum(INTEREST_SHARES, axis=1)[buyer.astype(np.int64)]).sum(axis=1)
    interest = np.minimum(interest, len(INTEREST_DAYS) - 1)
    lapses_at = lapse_times(people.created)[np.arange(number), interest]
    exposure = exposure_of(settings, people.created, routing.called_at, routing.calls, lapses_at, desk)
    factor = intents(settings)[intent] * np.exp(FIT_IN_HAZARD * fit.score)
    converts = exposure.when(rng.exponential(size=number) / factor)
    return Classes(buyer, intent, interest, lapses_at, log_odds, np.where(buyer, converts, NEVER))


def intents(settings: Settings) -> Floats:
    """Return the intents of this world: all 1 when effects are switched off."""
    powered = INTENTS**settings.effect_scale
    return np.asarray(powered / powered.mean())


def lapse_times(created: Times) -> Times:
    """Return the moments at which interest may end, shape (leads, interests)."""
    ends = [np.full(len(created), NEVER) if days is None else created + days * DAY for days in INTEREST_DAYS]
    return np.stack(ends, axis=1)


def lapsed_factor(settings: Settings) -> float:
    """Return the factor on hazard and activity once interest has ended."""
    return float(LAPSED**settings.effect_scale)


def exposure_of(
    settings: Settings, created: Times, called: Times, calls: Codes, lapses: Times, desk: Clock
) -> Exposure:
    """Return the exposure of leads called after the delay ``calls``, whose interest ends at ``lapses``."""
    before, after = kappa(settings)
    return Exposure(desk, created, called, lapses, before, after[calls], lapsed_factor(settings))


def _log_odds(settings: Settings, people: People, fit: Fit, routing: Routing, desk: Clock) -> Floats:
    """Return b0 + f(x) + d(t), with b0 found by bisection on the expected share of SQLs."""
    season = settings.effect_scale * settings.seasonal_swing * np.sin(2 * np.pi * people.elapsed)
    rest = fit.score + season + settings.base_rate_step * people.drifted
    reached = _expected_if_buyer(settings, people, fit, routing, desk)
    low, high = -30.0, 30.0
    for _ in range(60):
        middle = (low + high) / 2
        share = float((sigmoid(middle + rest) * reached).mean())
        low, high = (middle, high) if share < settings.base_rate else (low, middle)
    return np.asarray(low + rest)


def _expected_if_buyer(settings: Settings, people: People, fit: Fit, routing: Routing, desk: Clock) -> Floats:
    """Return the probability that a buyer of each lead's kind reaches SQL within 90 days, disqualification aside."""
    factor = np.exp(FIT_IN_HAZARD * fit.score)[:, None] * intents(settings)
    total = np.zeros(settings.leads)
    for interest, lapses in enumerate(lapse_times(people.created).T):
        exposure = exposure_of(settings, people.created, routing.called_at, routing.calls, lapses, desk)
        until = exposure.until(people.created + RATE_DAYS * DAY)
        total += INTEREST_SHARES[1, interest] * (1 - np.exp(-factor * until[:, None])).mean(axis=1)
    return total
