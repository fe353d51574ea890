"""The matrix that models learn from: features, labels, weights and moments of the same rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from features.feature import Monotone
from features.moments import Moments


@dataclass(frozen=True)
class TrainingRows:
    """Rows to learn from.

    ``matrix`` is float64 of shape (rows, features) with the columns ``names``; those in
    ``categorical`` hold codes, and trees keep to the directions in ``monotone``. ``lead`` tells which rows
    are of one lead, ``weight`` is as in `models.snapshots`, ``age_days`` is how old the lead was, ``reached``
    when it reached the target, ``NEVER`` if it has not.
    """

    matrix: NDArray[np.float64]
    names: tuple[str, ...]
    categorical: tuple[str, ...]
    label: NDArray[np.bool_]
    weight: NDArray[np.float64]
    as_of: Moments
    lead: Moments
    age_days: NDArray[np.float64]
    reached: Moments
    monotone: Mapping[str, Monotone] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.label)

    def __getitem__(self, rows: NDArray[np.intp]) -> TrainingRows:
        return replace(
            self,
            matrix=self.matrix[rows],
            label=self.label[rows],
            weight=self.weight[rows],
            as_of=self.as_of[rows],
            lead=self.lead[rows],
            age_days=self.age_days[rows],
            reached=self.reached[rows],
        )

    @property
    def has_both_outcomes(self) -> bool:
        """Whether there is a conversion and a lead without one to learn from."""
        return bool(self.label.any() and not self.label.all())
