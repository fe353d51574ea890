"""Moments and lengths of time as integer microseconds, UTC."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from data_checks.reading import parse_time

if TYPE_CHECKING:
    import pandas as pd

Moments = NDArray[np.int64]

SECOND: Final = 1_000_000
HOUR: Final = 3_600 * SECOND
DAY: Final = 24 * HOUR
NEVER: Final = int(np.iinfo(np.int64).max)


def to_moments(times: pd.Series) -> Moments:
    """Return the times as microseconds since 1970-01-01 UTC; a missing one becomes ``NEVER``."""
    moments = times.astype("datetime64[us, UTC]").astype("int64").to_numpy()
    return np.where(times.isna().to_numpy(), NEVER, moments)


def to_time(moment: int) -> datetime:
    """Return the moment as a UTC datetime.

    >>> to_time(86_400_000_000).isoformat()
    '1970-01-02T00:00:00+00:00'
    """
    return datetime.fromtimestamp(moment // SECOND, UTC).replace(microsecond=moment % SECOND)


def parse_moment(text: str) -> int:
    """Return the moment of an ISO 8601 text that `to_time` wrote."""
    moment = parse_time(text)
    if moment is None:
        raise ValueError(f"a moment is written in ISO 8601, found {text!r}")
    return moment
