"""The one place where a model says what each feature adds to a score, in log-odds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from lightgbm import Booster


def contributions_of(booster: Booster, matrix: NDArray[np.float64], threads: int = 1) -> NDArray[np.float64]:
    """Return exact contributions in log-odds: float64 of shape (rows, features + 1).

    The last column is what the model expects of any lead, and each row adds up to the row's raw score.
    They are Shapley values (Lundberg et al., From local explanations to global understanding with
    explainable AI for trees, 2020), computed row by row, so that a row's do not depend on its company.
    """
    return np.asarray(booster.predict(matrix, pred_contrib=True, num_threads=threads))
