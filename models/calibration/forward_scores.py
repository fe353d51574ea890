"""What a model scored on forward folds, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.calibration.form import Floats
from models.metrics import Labels


@dataclass(frozen=True)
class ForwardScores:
    """Rows that lie later than all that their scores were learned from.

    ``raw`` are the scores in log-odds, ``lead`` tells which rows are of one lead, ``weight`` is as in
    `models.snapshots`, and ``fold`` numbers the folds in order of time.
    """

    raw: Floats
    label: Labels
    weight: Floats
    lead: NDArray[np.int64]
    fold: NDArray[np.intp]

    def __getitem__(self, rows: NDArray[np.bool_]) -> ForwardScores:
        return ForwardScores(
            self.raw[rows], self.label[rows], self.weight[rows], self.lead[rows], self.fold[rows]
        )

    @property
    def folds(self) -> list[NDArray[np.bool_]]:
        """The rows of each fold, in order of time."""
        return [self.fold == number for number in np.unique(self.fold)]

    @property
    def has_both_outcomes(self) -> bool:
        """Whether there is a conversion and a lead without one."""
        return bool(self.label.any() and not self.label.all())
