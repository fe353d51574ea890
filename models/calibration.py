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
    line is fitted on all earlier folds and judged on the next, fold after fold. Only if it helped each
    time is it fitted on all and used: where the base rate drifts, one lucky fold proves nothing. A
    slope that would turn the ranking round is never used.
    """
    later = np.unique(fold)[1:]
    tried = [_helps(raw, label, weight, fold < number, fold == number) for number in later]
    if not tried or not all(tried):
        return Calibration()
    final = fit_platt(raw, label, weight)
    return final if final.slope > 0 else Calibration()


def _helps(
    raw: NDArray[np.float64],
    label: NDArray[np.bool_],
    weight: NDArray[np.float64],
    early: NDArray[np.bool_],
    next_one: NDArray[np.bool_],
) -> bool:
    if label[early].all() or not label[early].any():
        return False
    line = fit_platt(raw[early], label[early], weight[early])
    judged = label[next_one], weight[next_one]
    plain = log_loss(Calibration().probability(raw[next_one]), *judged)
    return line.slope > 0 and log_loss(line.probability(raw[next_one]), *judged) < plain
