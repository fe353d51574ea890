"""Ridge logistic regression on sparse columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from models.bins import Floats
from models.log_odds import probability_of

ROUNDS: Final = 1000
"""The most steps; some 60 are usual."""

NEAR: Final = 0.05
"""How far the slope of the loss may be from flat, in standard deviations of a point: scores are then one or
two hundredths of a log-odd from their limit, a tenth of what another draw of the leads would change."""


def fit_ridges(
    columns: Any,  # noqa: ANN401 - SciPy has no types
    label: Floats,
    weight: Floats,
    variances: Sequence[float],
) -> list[Floats]:
    """Return for each variance the points of each column and, last, the score of an average row, in log-odds.

    ``columns`` is a sparse array of shape (rows, columns). Columns count as what they are above their mean,
    so that the last number does not depend on the points. Labels lie between 0 and 1.
    A variance is what points are expected to have, in squared log-odds. Each fit begins where the one before
    ended.

    Steps are those of L-BFGS on columns scaled to one standard error each. Without centring and scaling it
    takes twice as many (Nocedal and Wright, Numerical Optimization, 2006).
    """
    from scipy.optimize import minimize

    turned = columns.T.tocsr()
    total = weight.sum()
    rate = float(weight @ label) / total
    held = turned @ weight
    mean, spread = held / total, rate * (1 - rate)
    told = turned.power(2) @ weight - held * mean
    found = [np.append(np.zeros(len(mean)), np.log(rate / (1 - rate)))]

    def loss_and_slope(scaled: Floats, variance: float, scale: Floats) -> tuple[float, Floats]:
        points, level = scaled[:-1] / scale[:-1], scaled[-1] / scale[-1]
        scores = columns @ points + (level - mean @ points)
        off = weight * (probability_of(scores) - label)
        loss = weight @ (np.logaddexp(0, scores) - label * scores) + points @ points / (2 * variance)
        slope = turned @ off - mean * off.sum() + points / variance
        return float(loss), np.append(slope, off.sum()) / scale

    settings = {"maxiter": ROUNDS, "gtol": NEAR, "ftol": 0.0}
    for variance in variances:
        scale = np.sqrt(np.append(told * spread + 1 / variance, total * spread))
        first, given = found[-1] * scale, (variance, scale)
        end = minimize(loss_and_slope, first, given, jac=True, method="L-BFGS-B", options=settings)
        found.append(np.asarray(end.x / scale))
    return found[1:]
