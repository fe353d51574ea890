"""Which hidden class each lead is of, and when it would convert."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from pipeline.sample_crm.arrays import Codes, Flags, Floats, Times
from pipeline.sample_crm.clock import DAY, NEVER, Clock
from pipeline.sample_crm.fit import Fit
from pipeline.sample_crm.grids import INTENTS, INTEREST_SHARES, lapse_times
from pipeline.sample_crm.hazard import Window, exposure_of, hazard_factors
from pipeline.sample_crm.people import People
from pipeline.sample_crm.routing import Routing
from pipeline.sample_crm.settings import Settings
from pipeline.sample_crm.shapes import sigmoid
from pipeline.sample_crm.streams import draw_codes, stream

RATE_DAYS: Final = 90


@dataclass(frozen=True)
class Classes:
    """The hidden class z = (c, w, τ) of each lead, as positions in the grids, shape (leads,).

    ``log_odds`` is that of being a buyer given x and the time of arrival. ``converts_at`` is the moment T at
    which the lead reaches SQL unless it is disqualified before; NEVER for all but buyers.
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
    rows = np.arange(settings.leads)
    log_odds = _log_odds(settings, people, fit, _reached_if_buyer(settings, fit, routing, desk))
    buyer = rng.random(settings.leads) < sigmoid(log_odds)
    intent = rng.integers(len(INTENTS), size=settings.leads)
    interest = draw_codes(rng, INTEREST_SHARES, buyer.astype(np.int64))
    lapses_at = lapse_times(people.created)[rows, interest]
    factor = hazard_factors(settings, fit.score)[rows, intent]
    exposure = exposure_of(settings, desk, routing.contact, lapses_at)
    converts = exposure.when(rng.exponential(size=settings.leads) / factor)
    return Classes(buyer, intent, interest, lapses_at, log_odds, np.where(buyer, converts, NEVER))


def _log_odds(settings: Settings, people: People, fit: Fit, reached_if_buyer: Floats) -> Floats:
    """Return b0 + f(x) + d(t), with b0 found by bisection on the expected share of SQLs."""
    season = settings.effect_scale * settings.seasonal_swing * np.sin(2 * np.pi * people.elapsed)
    rest = fit.score + season + settings.base_rate_step * people.drifted
    low, high = -30.0, 30.0
    for _ in range(60):
        middle = (low + high) / 2
        share = float((sigmoid(middle + rest) * reached_if_buyer).mean())
        low, high = (middle, high) if share < settings.base_rate else (low, middle)
    return np.asarray(low + rest)


def _reached_if_buyer(settings: Settings, fit: Fit, routing: Routing, desk: Clock) -> Floats:
    """Return the probability that each lead, if a buyer, reaches SQL within 90 days of arrival."""
    created = routing.contact.created
    window = Window(created, routing.reviewed_at, created + RATE_DAYS * DAY)
    factors = hazard_factors(settings, fit.score)
    total = np.zeros(settings.leads)
    for share, lapses in zip(INTEREST_SHARES[1], lapse_times(created).T, strict=True):
        exposure = exposure_of(settings, desk, routing.contact, lapses)
        total += share * exposure.reached(factors, window, 1 - fit.refusal).mean(axis=1)
    return total
