"""The finite grids of the hidden class z = (c, w, τ): buyer or not, how intent, how long interested."""

from __future__ import annotations

from typing import Final

import numpy as np

from pipeline.sample_crm.arrays import Floats, Times
from pipeline.sample_crm.clock import DAY
from pipeline.sample_crm.settings import Settings

# Means of the nine equal parts of Gamma(2, 2), so nine equally likely values with mean 1. A grid bounds the
# intent, which keeps the self-exciting process from exploding, and makes Bayes' rule a finite sum.
INTENTS: Final = np.array([0.1797, 0.3647, 0.5185, 0.6728, 0.8402, 1.0341, 1.2775, 1.6289, 2.4835])
INTEREST_DAYS: Final = (7, 21, 60, 240)
INTEREST_SHARES: Final = np.array([[0.40, 0.30, 0.20, 0.10], [0.10, 0.20, 0.30, 0.40]])  # others, buyers
CLASSES: Final = (2, len(INTENTS), len(INTEREST_DAYS))

_OTHERS: Final = 0.4  # m_0: how much others do, beside buyers
_LAPSED: Final = 0.08  # what is left once interest has ended


def intents(settings: Settings) -> Floats:
    """Return the intents w, shape (intents,), with mean 1; all 1 in a world without effects."""
    powered = INTENTS**settings.effect_scale
    return np.asarray(powered / powered.mean())


def activity_factors(settings: Settings) -> Floats:
    """Return m_c, shape (2,): others, buyers."""
    return np.array([_OTHERS**settings.effect_scale, 1.0])


def lapsed_factor(settings: Settings) -> float:
    """Return the factor on hazard and activity once interest has ended."""
    return float(_LAPSED**settings.effect_scale)


def lapse_times(created: Times) -> Times:
    """Return the moments at which interest may end, shape (leads, interests)."""
    return np.asarray(created[:, None] + np.array(INTEREST_DAYS) * DAY)
