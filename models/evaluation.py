"""The forward test: every scorer on the same later leads, in numbers, curves and words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from models.metrics import Floats, Labels, all_metrics, reliability
from models.paired import losses, mean_interval
from models.training_rows import TrainingRows

POINTS: Final = 200
"""At most so many points are kept of a curve."""

OWN: Final = "baton"
BEST: Final = "best_possible"


@dataclass(frozen=True)
class Verdict:
    """Baton against another scorer: how much lower its log-loss is (95 % interval), and that in words."""

    against: str
    gain: float
    low: float
    high: float
    text: str


def evaluate(
    rows: TrainingRows, predicted: Mapping[str, Floats], capacity: float
) -> dict[str, dict[str, float]]:
    """Return all metrics of each scorer on the test rows; ``capacity`` is a share of the leads."""
    return {
        name: all_metrics(probability, rows.label, rows.weight, capacity)
        for name, probability in predicted.items()
    }


def by_age(
    rows: TrainingRows, age_days: Floats, predicted: Mapping[str, Floats], capacity: float
) -> dict[str, dict[str, dict[str, float]]]:
    """Return the metrics separately for each age at which leads are looked at."""
    found = {}
    for age in np.unique(age_days).tolist():
        here = np.flatnonzero(age_days == age)
        if rows[here].has_both_outcomes:
            scores = {name: probability[here] for name, probability in predicted.items()}
            found[f"{age:g}"] = evaluate(rows[here], scores, capacity)
    return found


def verdicts(rows: TrainingRows, predicted: Mapping[str, Floats], seed: int) -> tuple[Verdict, ...]:
    """Compare Baton's log-loss with every other scorer's, resampling leads (paired bootstrap)."""
    others = [name for name in predicted if name not in (OWN, BEST)]
    return tuple(_verdict(name, rows, predicted[OWN], predicted[name], seed) for name in others)


def _verdict(name: str, rows: TrainingRows, own: Floats, other: Floats, seed: int) -> Verdict:
    gain = losses(other, rows.label) - losses(own, rows.label)
    found = mean_interval(gain, rows.weight, rows.lead, seed)
    mean, low, high = found.value, found.low, found.high
    called = name.replace("_", " ")
    word = "lower" if mean > 0 else "higher"
    interval = f"log-loss {abs(mean):.4f} {word}, 95 % interval {low:+.4f} to {high:+.4f}"
    if low > 0:
        text = f"Baton beats the {called} ({interval})."
    elif high < 0:
        text = f"The {called} beats Baton ({interval})."
    else:
        text = f"Baton and the {called} cannot be told apart ({interval})."
    return Verdict(name, mean, low, high, text)


def gains_curve(score: Floats, label: Labels, weight: Floats) -> list[dict[str, float]]:
    """Return which share of conversions the best-ranked share of leads holds."""
    order = np.argsort(-score, kind="stable")
    leads = np.cumsum(weight[order]) / weight.sum()
    won = np.cumsum((weight * label)[order]) / max(float((weight * label).sum()), 1e-12)
    return _thinned({"leads": leads, "captured": won})


def roc_curve(score: Floats, label: Labels, weight: Floats) -> list[dict[str, float]]:
    """Return true against false positive rate."""
    order = np.argsort(-score, kind="stable")
    good, bad = np.cumsum((weight * label)[order]), np.cumsum((weight * ~label)[order])
    return _thinned({"false_positive_rate": bad / bad[-1], "true_positive_rate": good / good[-1]})


def precision_curve(score: Floats, label: Labels, weight: Floats) -> list[dict[str, float]]:
    """Return precision against recall."""
    order = np.argsort(-score, kind="stable")
    good, leads = np.cumsum((weight * label)[order]), np.cumsum(weight[order])
    return _thinned({"recall": good / good[-1], "precision": good / leads})


def calibration_curve(probability: Floats, label: Labels, weight: Floats) -> list[dict[str, float]]:
    """Return mean probability and observed rate by bins of equal weight."""
    return [dict(row) for row in reliability(probability, label, weight)]


CURVES: Final = {
    "gains": gains_curve,
    "roc": roc_curve,
    "precision_recall": precision_curve,
    "calibration": calibration_curve,
}


def _thinned(columns: Mapping[str, NDArray[np.float64]]) -> list[dict[str, float]]:
    length = len(next(iter(columns.values())))
    kept = np.unique(np.linspace(0, length - 1, min(length, POINTS)).astype(np.intp))
    return [{name: round(float(column[row]), 6) for name, column in columns.items()} for row in kept]
