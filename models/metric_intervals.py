"""The metrics of each scorer with 95 % intervals, from the same draws of leads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from features.moments import Moments
from models.metrics import Floats, Labels
from models.miscalibration import error_of_weights
from models.paired import Interval, losses, resampled_intervals
from models.ranking import auc_of_weights, average_precision_of_weights

FIGURES: Final = ("auc", "average_precision", "log_loss", "brier", "calibration_error")


def metric_intervals(
    scores: Mapping[str, Floats], label: Labels, weight: Floats, lead: Moments, seed: int
) -> dict[str, dict[str, Interval]]:
    """Return for each scorer its `FIGURES` (`models.metrics`), each with its bootstrap interval over leads.

    The bins of the calibration error are those of the rows at hand. As it adds up what bins are off in
    either direction, it is a little higher in a draw than in the rows drawn from, and so is its interval.
    """
    return {name: _figures(said, label, weight, lead, seed) for name, said in scores.items()}


def _figures(said: Floats, label: Labels, weight: Floats, lead: Moments, seed: int) -> dict[str, Interval]:
    asked = _statistics(said, label, weight)
    found = resampled_intervals(lambda drawn: [one(drawn) for one in asked], weight, lead, seed)
    return dict(zip(FIGURES, found, strict=True))


def _statistics(said: Floats, label: Labels, weight: Floats) -> list[Callable[[Floats], float]]:
    return [
        auc_of_weights(said, label),
        average_precision_of_weights(said, label),
        mean_of_weights(losses(said, label)),
        mean_of_weights((said - label) ** 2),
        error_of_weights(said, label, weight),
    ]


def mean_of_weights(figure: Floats) -> Callable[[Floats], float]:
    """Return what gives, for weights of the rows, the mean of a figure."""
    return lambda weight: float(weight @ figure / weight.sum())
