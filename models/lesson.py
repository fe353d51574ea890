"""What a model learns from: looks, and how likely each is to be followed by the target."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from features.feature import Monotone
from models.bins import Floats
from models.training_rows import TrainingRows


@dataclass(frozen=True)
class Lesson:
    """Looks with their labels.

    ``label`` is 1 where the target was reached within the horizon, 0 where it was not, and the probability
    of it where nobody can know yet. The other fields are as in `models.training_rows`.
    """

    matrix: Floats
    names: tuple[str, ...]
    categorical: tuple[str, ...]
    label: Floats
    weight: Floats
    monotone: Mapping[str, Monotone]

    @classmethod
    def of(cls, rows: TrainingRows) -> Lesson:
        """Return rows as they are labelled."""
        label = rows.label.astype(np.float64)
        return cls(rows.matrix, rows.names, rows.categorical, label, rows.weight, rows.monotone)

    def __len__(self) -> int:
        return len(self.label)

    @property
    def rate(self) -> float:
        """The weighted mean of the labels."""
        return float(np.average(self.label, weights=self.weight))
