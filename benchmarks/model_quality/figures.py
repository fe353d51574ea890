"""How good a rival is on later leads, how sure that is, and how far it is from another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from models.metrics import Floats, Labels
from models.paired import MISS, RESAMPLES, Interval, losses
from models.ranking import auc_of_weights
from models.training_rows import TrainingRows

OfWeights = Callable[[Floats], float]
SEED: Final = 7
"""Of the bootstrap: the same for all, so that differences are of the same draws."""


@dataclass(frozen=True)
class Figure:
    """A metric of a rival, for each seed, and its mean over seeds as other leads are drawn.

    ``drawn`` has the shape (resamples,); the draws are the same for all rivals, so that differences between
    them are paired (Efron and Tibshirani, An Introduction to the Bootstrap, 1993).
    """

    by_seed: Floats
    drawn: Floats

    @property
    def value(self) -> Interval:
        """The mean over seeds with its 95 % interval over leads."""
        return _interval(float(self.by_seed.mean()), self.drawn)

    @property
    def over_seeds(self) -> float:
        """The standard deviation over seeds."""
        return float(self.by_seed.std(ddof=1)) if len(self.by_seed) > 1 else 0.0

    def lead_on(self, other: Figure, lower_is_better: bool) -> Interval:
        """Return by how much this is better than the other."""
        sign = -1 if lower_is_better else 1
        more = float(self.by_seed.mean() - other.by_seed.mean())
        return _interval(sign * more, sign * (self.drawn - other.drawn))


def average_precision_of_weights(score: Floats, label: Labels) -> OfWeights:
    """Return what gives the precision averaged over recall for weights of the rows; ties fall together."""
    _, place = np.unique(-score, return_inverse=True)

    def average_precision(weight: Floats) -> float:
        won, all_of = np.bincount(place, weight * label), np.bincount(place, weight)
        if not won.sum():
            return float("nan")
        precision = np.cumsum(won) / np.maximum(np.cumsum(all_of), 1e-12)
        return float(precision @ won / won.sum())

    return average_precision


def log_loss_of_weights(probability: Floats, label: Labels) -> OfWeights:
    """Return what gives the log-loss for weights of the rows."""
    lost = losses(probability, label)
    return lambda weight: float(lost @ weight / weight.sum())


METRICS: Final[Mapping[str, Callable[[Floats, Labels], OfWeights]]] = {
    "auc": auc_of_weights,
    "average_precision": average_precision_of_weights,
    "log_loss": log_loss_of_weights,
}

LOWER_IS_BETTER: Final = frozenset({"log_loss"})


def figure(metric: str, test: TrainingRows, by_seed: Sequence[Floats]) -> Figure:
    """Return a metric of a rival's predictions, one for each seed."""
    parts = [METRICS[metric](probability, test.label) for probability in by_seed]
    drawn = [np.mean([part(weight) for part in parts]) for weight in _drawn_weights(test)]
    return Figure(np.array([part(test.weight) for part in parts]), np.array(drawn))


def _drawn_weights(test: TrainingRows) -> Iterator[Floats]:
    """Yield the rows' weights as leads are drawn again with replacement, with all their rows."""
    leads, place = np.unique(test.lead, return_inverse=True)
    random, even = np.random.default_rng(SEED), np.full(len(leads), 1 / len(leads))
    return (test.weight * random.multinomial(len(leads), even)[place] for _ in range(RESAMPLES))


def _interval(value: float, drawn: Floats) -> Interval:
    low, high = np.nanquantile(drawn, (MISS / 2, 1 - MISS / 2))
    return Interval(value, float(low), float(high))
