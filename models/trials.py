"""Trying a setting of the trees on forward folds, beside the setting that there is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from models.bins import Floats
from models.estimator import EstimatorSettings, best_rounds, grow
from models.forward_part import ForwardPart
from models.lesson import Lesson
from models.log_odds import probability_of
from models.paired import losses, mean_and_error

Setting = Mapping[str, float | int | None]
"""What is tuned, by its name in `EstimatorSettings`."""


@dataclass(frozen=True)
class Trial:
    """A setting, and what trees lose with it on the later sides of all folds.

    ``log_loss`` is in nats, ``rounds`` the number of trees with which it is least, ``more`` how much more
    that is than with the current setting and ``error`` the standard error of that, over leads. ``worst`` is
    how much more on the fold where it did worst beside the current one.
    """

    setting: Setting
    log_loss: float
    rounds: int
    more: float
    error: float
    worst: float


@dataclass(frozen=True)
class Bench:
    """The folds of what lies before the test, and the ``current`` settings that others have to beat."""

    part: ForwardPart
    current: EstimatorSettings

    def tried(self, setting: Setting) -> Trial:
        """Grow trees on every fold and compare."""
        rounds, lost = self._lost(self.current.model_copy(update=dict(setting)))
        train, judged = self.part.train, self._judged
        weight, beyond = train.weight[judged], lost - self._own
        more, error = mean_and_error(beyond, weight, train.lead[judged])
        worst = max(float(np.average(beyond[fold], weights=weight[fold])) for fold in self._folds)
        return Trial(setting, float(np.average(lost, weights=weight)), rounds, more, error, worst)

    def _lost(self, settings: EstimatorSettings) -> tuple[int, Floats]:
        """Return the number of trees and, with so many, the log-loss of each judged row."""
        train = self.part.train
        folds = zip(self._lessons, self.part.able, strict=True)
        grown = [grow(lesson, train, fold, settings) for lesson, fold in folds]
        rounds = settings.rounds or best_rounds(train, grown)
        scores = np.concatenate([one.raw(train, rounds) for one in grown])
        return rounds, losses(probability_of(scores), train.label[self._judged])

    @cached_property
    def _lessons(self) -> list[Lesson]:
        return [self.part.lesson_of(fold) for fold in self.part.able]

    @cached_property
    def _judged(self) -> NDArray[np.intp]:
        return np.concatenate([fold.judged for fold in self.part.able])

    @cached_property
    def _folds(self) -> list[NDArray[np.intp]]:
        """Where each fold's rows stand among the judged ones."""
        sizes = [len(fold.judged) for fold in self.part.able]
        return np.split(np.arange(sum(sizes)), np.cumsum(sizes)[:-1])

    @cached_property
    def _own(self) -> Floats:
        return self._lost(self.current)[1]
