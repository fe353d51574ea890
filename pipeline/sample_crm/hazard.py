"""When buyers convert: a Weibull hazard on the office's clock, with its exact integral and inverse.

The hazard of a buyer is ``w · exp(.35 f) · κ(t) · l(t) · h0(t)``: h0 is Weibull in the working time since
arrival, κ steps at the first call, and l falls once interest has ended. All factors but h0 are step
functions, so the integral is a sum of differences of ``G = (working age / SCALE) ** SHAPE``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from pipeline.sample_crm.arrays import Codes, Floats, Times
from pipeline.sample_crm.clock import Clock
from pipeline.sample_crm.grids import intents, lapsed_factor
from pipeline.sample_crm.settings import Settings

SHAPE: Final = 0.85
SCALE: Final = 70.0
FIT_IN_HAZARD: Final = 0.35
HOURS_AGREED: Final = 4.0
UNCALLED: Final = 0.45
CALL_DELAYS: Final = np.array([0.5, 1, 2, 4, 6, 10, 20, 35, 60, 100])
"""Office hours from hand-off to first call; the position after the last is "never called"."""


@dataclass(frozen=True)
class Contact:
    """Arrival and first call of leads, shape (leads,); ``delay`` is the call's position in CALL_DELAYS."""

    created: Times
    called: Times
    delay: Codes


@dataclass(frozen=True)
class Window:
    """A time to reach SQL in, with the review if it falls between (else one of the ends), shape (leads,)."""

    begins: Times
    review: Times
    ends: Times


@dataclass(frozen=True)
class Exposure:
    """The integrated hazard since arrival, without its factors w and exp(.35 f), shape (leads,).

    ``before`` and ``after`` are κ before and after the call, ``lapsed`` is l once interest has ended.
    """

    desk: Clock
    contact: Contact
    lapses: Times
    before: float
    after: Floats
    lapsed: float

    def until(self, times: Times) -> Floats:
        """Return the integrated hazard from arrival until ``times``."""
        uncalled = self._interested(np.minimum(times, self.contact.called))
        return self.before * uncalled + self.after * (self._interested(times) - uncalled)

    def when(self, integrated: Floats) -> Times:
        """Return the moment at which the integrated hazard reaches ``integrated``, NEVER if it does not."""
        at_call = self._interested(self.contact.called)
        late = (integrated - self.before * at_call) / self.after
        spent = np.where(late <= 0, integrated / self.before, at_call + late)
        at_lapse = self._weibull(self.lapses)
        weibull = np.where(spent <= at_lapse, spent, at_lapse + (spent - at_lapse) / self.lapsed)
        return self.desk.when(self.desk.at(self.contact.created) + SCALE * weibull ** (1 / SHAPE))

    def reached(self, factors: Floats, window: Window, kept: Floats) -> Floats:
        """Return P(SQL within the window | no SQL before), shape (leads, factors).

        ``factors`` are w · exp(.35 f), shape (leads, factors); ``kept`` is the probability that the lead
        survives its review, shape (leads,): what comes after the review counts only then.
        """
        so_far = self.until(window.begins)
        first = -np.expm1(-factors * (self.until(window.review) - so_far)[:, None])
        whole = -np.expm1(-factors * (self.until(window.ends) - so_far)[:, None])
        return np.asarray(first + kept[:, None] * (whole - first))

    def _interested(self, times: Times) -> Floats:
        interested = self._weibull(np.minimum(times, self.lapses))
        return np.asarray(interested + self.lapsed * (self._weibull(times) - interested))

    def _weibull(self, times: Times) -> Floats:
        age = self.desk.at(times) - self.desk.at(self.contact.created)
        return np.asarray((np.maximum(age, 0) / SCALE) ** SHAPE)


def exposure_of(settings: Settings, desk: Clock, contact: Contact, lapses: Times) -> Exposure:
    """Return the exposure of leads whose interest ends at ``lapses``."""
    before, after = kappa(settings)
    return Exposure(desk, contact, lapses, before, after[contact.delay], lapsed_factor(settings))


def hazard_factors(settings: Settings, score: Floats) -> Floats:
    """Return w · exp(.35 f), shape (leads, intents)."""
    return np.asarray(np.exp(FIT_IN_HAZARD * score)[:, None] * intents(settings))


def kappa(settings: Settings) -> tuple[float, Floats]:
    """Return κ before any call, and after a call by the position of its delay, shape (delays + 1,).

    1 for a call within HOURS_AGREED, then falling with the fourth root of the delay, never below UNCALLED.
    """
    after = np.maximum(UNCALLED, np.minimum(1.0, (CALL_DELAYS / HOURS_AGREED) ** -0.25))
    return UNCALLED**settings.effect_scale, np.append(after, UNCALLED) ** settings.effect_scale
