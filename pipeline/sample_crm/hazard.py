"""When buyers convert: a Weibull hazard on the office's clock, and its exact integral and inverse.

The hazard of a buyer with intent w is ``w · exp(.35 f) · κ(t) · l(t) · h0(t)``: h0 is Weibull on the working time since
arrival, κ steps at the first call, and l falls to LAPSED once interest has ended. All factors but h0 are step
functions, so the integral is a sum of differences of ``G = (working age / SCALE) ** SHAPE``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from pipeline.sample_crm.clock import NEVER, Clock, Floats, Times

SHAPE: Final = 0.85
SCALE: Final = 90.0
LAPSED: Final = 0.08
FIT_IN_HAZARD: Final = 0.35


@dataclass(frozen=True)
class Exposure:
    """The integrated hazard since arrival, without its factors w and exp(.35 f); all shapes broadcast.

    ``created``, ``called`` and ``lapses`` are the moments of arrival, first call and end of interest; ``before`` and
    ``after`` are κ before and after the call; ``lapsed`` is the factor once interest has ended.
    """

    desk: Clock
    created: Times
    called: Times
    lapses: Times
    before: float
    after: Floats
    lapsed: float

    def until(self, times: Times) -> Floats:
        """Return the integrated hazard from arrival until ``times``."""
        first = self._interested(np.minimum(times, self.called))
        return self.before * first + self.after * (self._interested(times) - first)

    def when(self, integrated: Floats) -> Times:
        """Return the moment at which the integrated hazard reaches ``integrated``; NEVER if it does not."""
        at_call = self._interested(self.called)
        early = integrated <= self.before * at_call
        spent = np.where(
            early, integrated / self.before, at_call + (integrated - self.before * at_call) / self.after
        )
        at_lapse = self._weibull(self.lapses)
        weibull = np.where(spent <= at_lapse, spent, at_lapse + (spent - at_lapse) / self.lapsed)
        working_age = SCALE * weibull ** (1 / SHAPE)
        return self.desk.when(self.desk.at(self.created) + working_age)

    def _interested(self, times: Times) -> Floats:
        all_along = self._weibull(times)
        interested = self._weibull(np.minimum(times, self.lapses))
        return np.asarray(interested + self.lapsed * (all_along - interested))

    def _weibull(self, times: Times) -> Floats:
        age = self.desk.at(np.minimum(times, NEVER)) - self.desk.at(self.created)
        return np.asarray((np.maximum(age, 0) / SCALE) ** SHAPE)
