"""Cutting snapshots forward in time, with the horizon as the gap."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from features.moments import DAY, Moments

Rows = NDArray[np.intp]


class SplitSettings(BaseModel):
    """The section ``split`` of params.yaml.

    The newest ``test_share`` of the leads' weight is the test. ``gap_days`` lies between the last
    training snapshot and the first of the test; without it, it is the horizon, so that every
    training label was known when the test began. ``folds`` cut the training part in the same way.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    test_share: float = Field(default=0.25, gt=0, lt=1)
    gap_days: float | None = Field(default=None, ge=0)
    folds: int = Field(default=4, ge=1)

    def gap(self, horizon_days: int) -> int:
        """Return the gap in microseconds."""
        return round((horizon_days if self.gap_days is None else self.gap_days) * DAY)


@dataclass(frozen=True)
class Fold:
    """Positions of the rows to learn from and of later rows to judge by.

    ``young`` are rows between the two, whose outcome was not yet known for good when the later side began,
    at the moment ``at``. Where time is not cut there are none.
    """

    train: Rows
    judged: Rows
    young: Rows = field(default_factory=lambda: np.zeros(0, np.intp))
    at: int = 0

    def known_until(self, as_of: Moments, horizon_days: int) -> int:
        """Return the moment after which nothing was used: neither a look nor what became of one."""
        return max(int(as_of[self.train].max()) + horizon_days * DAY, self.at)


def forward_split(as_of: Moments, weight: NDArray[np.float64], settings: SplitSettings, gap: int) -> Fold:
    """Judge by the newest rows and learn from those that lie a gap before them.

    With a gap of 0 two rows of one moment never fall on both sides.
    """
    return _fold(as_of, _moment_at(as_of, weight, 1 - settings.test_share), int(as_of.max()) + 1, gap)


def forward_test(
    as_of: Moments, weight: NDArray[np.float64], lead: Moments, settings: SplitSettings, horizon_days: int
) -> Fold:
    """Return the one cut by which models are tested: its later side is what the gate judges by."""
    gap = settings.gap(horizon_days)
    cut = forward_split(as_of, weight, settings, gap)
    return without_known_leads(cut, lead) if gap < horizon_days * DAY else cut


def without_known_leads(fold: Fold, lead: Moments) -> Fold:
    """Judge only by leads that nothing was learned from.

    Needed where the gap is shorter than the horizon: there a training label may tell what becomes of
    a lead after the test has begun.
    """
    return replace(fold, judged=fold.judged[~np.isin(lead[fold.judged], lead[fold.train])])


def forward_folds(
    as_of: Moments, weight: NDArray[np.float64], settings: SplitSettings, gap: int
) -> tuple[Fold, ...]:
    """Cut the rows into forward-chained folds: each learns from all that lies a gap before it.

    The newest half of the rows' weight is cut into equal parts; a fold without anything to learn
    from is left out, so with little data or a long gap there may be fewer, or none.
    """
    shares = np.linspace(0.5, 1.0, settings.folds + 1)
    moments = [*(_moment_at(as_of, weight, share) for share in shares[:-1]), int(as_of.max()) + 1]
    folds = (_fold(as_of, first, last, gap) for first, last in pairwise(moments))
    return tuple(fold for fold in folds if len(fold.train) and len(fold.judged))


def _fold(as_of: Moments, first: int, last: int, gap: int) -> Fold:
    early = as_of < first
    train = early if gap == 0 else as_of <= first - gap
    judged = np.flatnonzero((as_of >= first) & (as_of < last))
    return Fold(np.flatnonzero(train), judged, np.flatnonzero(early & ~train), first)


def _moment_at(as_of: Moments, weight: NDArray[np.float64], share: float) -> int:
    order = np.argsort(as_of, kind="stable")
    passed = np.cumsum(weight[order])
    return int(as_of[order][min(np.searchsorted(passed, share * passed[-1]), len(order) - 1)])
