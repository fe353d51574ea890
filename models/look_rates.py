"""Which share of looks came true, when a lead is looked at several times: a rate with its interval."""

from __future__ import annotations

import numpy as np

from features.moments import Moments
from models.intervals import rate_interval
from models.metrics import Floats, Labels
from models.paired import Interval, of_leads


def rate_of_looks(label: Labels, weight: Floats, lead: Moments) -> Interval:
    """Return the weighted share of the rows that came true, with its 95 % interval; at least one row.

    Wilson's interval for as many independent leads as the rows are worth (Kish, Survey Sampling, 1965:
    the square of the leads' weights' sum by the sum of their squares). It keeps its width where
    none or all came true, which no bootstrap does.
    """
    rate, own = float(np.average(label, weights=weight)), of_leads(weight, lead)
    worth = np.array([own.sum() ** 2 / (own**2).sum()])
    low, high = rate_interval(rate * worth, worth)
    return Interval(rate, min(float(low[0]), rate), max(float(high[0]), rate))
