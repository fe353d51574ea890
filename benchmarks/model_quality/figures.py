"""How good a rival is on later leads, how sure that is, and how far it is from another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from models.metric_intervals import mean_of_weights
from models.metrics import Floats, Labels
from models.paired import Interval, draws_of_leads, losses, percentile_interval
from models.ranking import auc_of_weights, average_precision_of_weights
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
        return percentile_interval(float(self.by_seed.mean()), self.drawn)

    @property
    def over_seeds(self) -> float:
        """The standard deviation over seeds."""
        return float(self.by_seed.std(ddof=1)) if len(self.by_seed) > 1 else 0.0

    def lead_on(self, other: Figure, lower_is_better: bool) -> Interval:
        """Return by how much this is better than the other."""
        sign = -1 if lower_is_better else 1
        more = float(self.by_seed.mean() - other.by_seed.mean())
        return percentile_interval(sign * more, sign * (self.drawn - other.drawn))


def log_loss_of_weights(probability: Floats, label: Labels) -> OfWeights:
    """Return what gives the log-loss for weights of the rows."""
    return mean_of_weights(losses(probability, label))


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
    return (test.weight * times[place] for times in draws_of_leads(len(leads), SEED))
