"""Find how much of a lead's record lies before a moment, for many (lead, moment) pairs at once."""

from __future__ import annotations

from typing import Final

import numpy as np

from pipeline.sample_crm.arrays import Codes, Floats, Times
from pipeline.sample_crm.clock import WORLD_ENDS

_SPAN: Final = 2**39  # milliseconds, about 17 years: more than any history and horizon
_ORIGIN: Final = WORLD_ENDS - 2**38


class RecordSearch:
    """Rows in order of (lead, time), searched by one integer key."""

    def __init__(self, lead: Codes, times: Times) -> None:
        self._keys = _keys(lead, times)

    def before(self, lead: Codes, at: Times) -> Codes:
        """Return the position of the lead's first row at or after ``at``, shape (pairs,)."""
        return np.searchsorted(self._keys, _keys(lead, at))


def running(terms: Floats) -> Floats:
    """Return the sums of the first 0, 1, ... terms: a sum over rows a to b is then ``sums[b] - sums[a]``."""
    return np.concatenate([[0.0], np.cumsum(terms)])


def _keys(lead: Codes, times: Times) -> Codes:
    return lead * _SPAN + np.clip(times - _ORIGIN, 0, _SPAN - 1)
