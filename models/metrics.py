"""How good scores are, every lead counting by its weight."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Labels = NDArray[np.bool_]


def log_loss(probability: Floats, label: Labels, weight: Floats) -> float:
    """Return the mean of ``-log`` of the probability given to what happened; lower is better."""
    kept = np.clip(probability, 1e-9, 1 - 1e-9)
    return float(np.average(-np.log(np.where(label, kept, 1 - kept)), weights=weight))


def brier(probability: Floats, label: Labels, weight: Floats) -> float:
    """Return the mean squared distance between probability and outcome; lower is better."""
    return float(np.average((probability - label) ** 2, weights=weight))


def auc(score: Floats, label: Labels, weight: Floats) -> float:
    """Return the probability that a conversion is ranked above another lead; NaN without both."""
    from sklearn.metrics import roc_auc_score

    if label.all() or not label.any():
        return float("nan")
    return float(roc_auc_score(label, score, sample_weight=weight))


def average_precision(score: Floats, label: Labels, weight: Floats) -> float:
    """Return the precision averaged over recall; the base rate is what chance gives."""
    from sklearn.metrics import average_precision_score

    return float(average_precision_score(label, score, sample_weight=weight)) if label.any() else float("nan")


def calibration_error(probability: Floats, label: Labels, weight: Floats, bins: int = 10) -> float:
    """Return the mean distance between mean probability and rate, over the bins of `reliability`."""
    rows = reliability(probability, label, weight, bins)
    return float(sum(row["share"] * abs(row["probability"] - row["rate"]) for row in rows))


def reliability(
    probability: Floats, label: Labels, weight: Floats, bins: int = 10
) -> list[Mapping[str, float]]:
    """Return for each bin its mean probability, observed rate, share and leads.

    The bins are of equal weight as far as leads of one probability stay together: parted, they would
    be told apart by the order of their rows.
    """
    order = np.argsort(probability, kind="stable")
    passed = np.cumsum(weight[order])
    wanted = (np.linspace(0, 1, bins + 1)[1:-1] - 1e-9) * passed[-1]
    last = probability[order][np.searchsorted(passed, wanted)]
    cuts = np.searchsorted(probability[order], last, side="right")
    return [
        {
            "probability": float(np.average(probability[rows], weights=weight[rows])),
            "rate": float(np.average(label[rows], weights=weight[rows])),
            "share": float(weight[rows].sum() / passed[-1]),
            "leads": float(weight[rows].sum()),
        }
        for rows in np.split(order, cuts)
        if len(rows)
    ]


def captured(score: Floats, label: Labels, weight: Floats, share: float) -> float:
    """Return the share of all conversions among the best-ranked ``share`` of leads.

    Leads of one score are taken in equal parts, so that a constant score captures just its share.
    """
    total = float((weight * label).sum())
    if not total:
        return float("nan")
    values, position = np.unique(-score, return_inverse=True)
    leads = np.bincount(position, weight, len(values))
    won = np.bincount(position, weight * label, len(values))
    wanted = share * leads.sum()
    before = np.cumsum(leads) - leads
    taken = np.clip((wanted - before) / leads, 0, 1)
    return float((taken * won).sum() / total)


def all_metrics(probability: Floats, label: Labels, weight: Floats, share: float) -> dict[str, float]:
    """Return every metric of one scorer; ``share`` is the share of leads that sales has capacity for."""
    caught = captured(probability, label, weight, share)
    return {
        "auc": auc(probability, label, weight),
        "average_precision": average_precision(probability, label, weight),
        "log_loss": log_loss(probability, label, weight),
        "brier": brier(probability, label, weight),
        "calibration_error": calibration_error(probability, label, weight),
        "captured_at_capacity": caught,
        "lift_at_capacity": caught / share if share else float("nan"),
    }
