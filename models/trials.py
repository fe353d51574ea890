"""Trying a setting of the trees on forward folds, beside the setting that there is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from models.bins import Floats
from models.estimator import EstimatorSettings, best_rounds, grow
from models.forward_part import ForwardPart
from models.log_odds import probability_of
from models.paired import losses, mean_and_error

Setting = Mapping[str, float | int | None]
"""What is tuned, by its name in `EstimatorSettings`."""


@dataclass(frozen=True)
class Trial:
    """A setting, and what trees lose with it on the later sides of all folds.

    ``log_loss`` is in nats, ``rounds`` the number of trees with which it is least, ``more`` how much more
    that is than with the current setting and ``error`` the standard error of that, over leads.
    """

    setting: Setting
    log_loss: float
    rounds: int
    more: float
    error: float


@dataclass(frozen=True)
class Bench:
    """The folds of what lies before the test, and the ``current`` settings that others have to beat."""

    part: ForwardPart
    current: EstimatorSettings

    def tried(self, setting: Setting) -> Trial:
        """Grow trees on every fold and compare."""
        rounds, lost = self._lost(self.current.model_copy(update=dict(setting)))
        train, judged = self.part.train, self._judged
        weight = train.weight[judged]
        more, error = mean_and_error(lost - self._own, weight, train.lead[judged])
        return Trial(setting, float(np.average(lost, weights=weight)), rounds, more, error)

    def _lost(self, settings: EstimatorSettings) -> tuple[int, Floats]:
        """Return the number of trees and, with so many, the log-loss of each judged row."""
        train = self.part.train
        grown = [grow(train, fold, settings) for fold in self.part.able]
        rounds = settings.rounds or best_rounds(train, grown)
        scores = np.concatenate([one.raw(train, rounds) for one in grown])
        return rounds, losses(probability_of(scores), train.label[self._judged])

    @cached_property
    def _judged(self) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
        return np.concatenate([fold.judged for fold in self.part.able])

    @cached_property
    def _own(self) -> Floats:
        return self._lost(self.current)[1]
