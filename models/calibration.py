"""Making probabilities mean what they say, where that holds forward in time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.log_odds import probability_of
from models.metrics import log_loss


@dataclass(frozen=True)
class Calibration:
    """A straight line in log-odds (Platt scaling); slope 1 and intercept 0 leave the score as it is.

    Source: Platt, Probabilistic outputs for support vector machines, 1999.
    """

    slope: float = 1.0
    intercept: float = 0.0

    @property
    def name(self) -> str:
        """What was done to the raw score."""
        return "none" if self == Calibration() else "platt"

    def probability(self, log_odds: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the probability that belongs to a raw score in log-odds."""
        return probability_of(self.slope * log_odds + self.intercept)


def fit_platt(raw: NDArray[np.float64], label: NDArray[np.bool_], weight: NDArray[np.float64]) -> Calibration:
    """Fit slope and intercept by maximum likelihood on scores that the model was not trained on."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=np.inf).fit(raw[:, np.newaxis], label, sample_weight=weight)
    return Calibration(float(model.coef_[0, 0]), float(model.intercept_[0]))


def chosen_calibration(
    raw: NDArray[np.float64],
    label: NDArray[np.bool_],
    weight: NDArray[np.float64],
    fold: NDArray[np.intp],
) -> Calibration:
    """Return the calibration that lowers log-loss forward in time; none wins a tie.

    ``raw`` are out-of-fold scores in log-odds and ``fold`` tells which forward fold each is from. A
    line fitted on the earlier folds is judged on the last one; only if it helps there is it fitted
    again on all and used. A slope that would turn the ranking round is never used.
    """
    newest = fold == fold.max(initial=0)
    if newest.all() or label[~newest].all() or not label[~newest].any():
        return Calibration()
    early = fit_platt(raw[~newest], label[~newest], weight[~newest])
    judged = label[newest], weight[newest]
    plain, lined = (log_loss(form.probability(raw[newest]), *judged) for form in (Calibration(), early))
    final = fit_platt(raw, label, weight) if lined < plain else Calibration()
    return final if min(final.slope, early.slope) > 0 else Calibration()
