"""How good a rival is on later leads, how sure that is, and how far it is from another."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from models.metrics import Floats, Labels
from models.paired import Interval, losses, resampled_interval
from models.ranking import auc_of_weights
from models.training_rows import TrainingRows

OfWeights = Callable[[Floats], float]
SEED: Final = 7
"""Of the bootstrap: the same for all, so that differences are of the same draws."""


@dataclass(frozen=True)
class Figure:
    """A metric as the mean over seeds, with its 95 % interval over leads and its deviation over seeds."""

    value: Interval
    over_seeds: float


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
    found = [part(test.weight) for part in parts]
    value = resampled_interval(_mean_of(parts), test.weight, test.lead, SEED)
    return Figure(value, float(np.std(found, ddof=1)) if len(found) > 1 else 0.0)


def lead_of(metric: str, test: TrainingRows, own: Sequence[Floats], other: Sequence[Floats]) -> Interval:
    """Return by how much the first is better than the other, on the same draws of leads (paired)."""
    mine, theirs = (
        _mean_of([METRICS[metric](one, test.label) for one in by_seed]) for by_seed in (own, other)
    )
    sign = -1 if metric in LOWER_IS_BETTER else 1
    return resampled_interval(
        lambda weight: sign * (mine(weight) - theirs(weight)), test.weight, test.lead, SEED
    )


def _mean_of(parts: Sequence[OfWeights]) -> OfWeights:
    return lambda weight: float(np.mean([part(weight) for part in parts]))
