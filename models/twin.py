"""The twin of a served model: the same recipe, learned from the part of the leads before the forward test.

The served model has learned from every mature lead, so nothing is left to judge it by. Its twin has not,
and stands in for it in the gate.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from models.bundle import Bundle, BundleError
from models.metrics import Floats
from models.model import Model

ROWS_ASKED: Final = 2000
"""From so many rows one sees which features carry a model; what each adds to a row costs milliseconds."""


def twin_probability(bundle: Bundle, matrix: Floats) -> Floats:
    """Return the probability that the bundle's twin gives each row of the bundle's own features.

    Raises:
        BundleError: The bundle has no twin.
    """
    return bundle.facts.calibration.probability(_twin(bundle).log_odds(matrix))


def shares_of_score(bundle: Bundle, matrix: Floats) -> dict[str, float]:
    """Return which share of all that moves the twin's scores each feature has.

    What moves a score is the size of the features' contributions, in log-odds, on average over the rows.
    """
    rows = matrix[:: max(len(matrix) // ROWS_ASKED, 1)]
    moved = np.abs(_twin(bundle).contributions(rows)[:, :-1]).mean(axis=0)
    return dict(zip(bundle.features.names, (moved / max(moved.sum(), 1e-12)).tolist(), strict=True))


def _twin(bundle: Bundle) -> Model:
    if bundle.twin is None:
        raise BundleError(
            "a bundle is judged by its twin", "none in twin.json", "build the bundle again with `dvc repro`"
        )
    return bundle.twin
