"""Venn-Abers calibration: isotonic, and told to doubt itself where leads are few."""

from __future__ import annotations

from typing import Final, Literal

import numpy as np

from models.calibration.form import Floats
from models.calibration.isotonic import pooled, rising
from models.calibration.steps import Steps, centres
from models.metrics import Labels

ASKED: Final = 100
"""At so many scores, as many leads lying between any two, the steps are computed."""


class VennAbers(Steps):
    """Steps of the inductive Venn-Abers predictor, its two probabilities merged into one.

    Isotonic regression is asked twice, as if the lead at hand had failed (``p0``) and as if it had
    converted (``p1``). The merged probability ``p1 / (1 - p0 + p1)`` lies the nearer to one half the
    further these are apart, that is, the fewer leads speak.
    Source: Vovk and Petej, Venn-Abers predictors, 2014.
    """

    kind: Literal["venn_abers"] = "venn_abers"


def fit_venn_abers(raw: Floats, label: Labels, weight: Floats) -> VennAbers:
    """Compute both probabilities exactly at a hundred scores, and merge them."""
    score, rate, total = pooled(raw, label, weight)
    passed = np.cumsum(total)
    shares = (np.arange(ASKED) + 0.5) / ASKED
    asked = np.unique(np.searchsorted(passed, shares * passed[-1]).clip(max=len(score) - 1))
    if_lost, if_won = (
        np.array([_with_one_more(rate, total, place, converted) for place in asked]) for converted in (0, 1)
    )
    merged = np.maximum.accumulate(if_won / (1 - if_lost + if_won))
    between = np.diff(passed[asked], prepend=0.0)
    found = centres(score[asked], merged, between)
    return VennAbers(raw=found[0], calibrated=found[1])


def _with_one_more(rate: Floats, weight: Floats, place: int, converted: int) -> float:
    """Return the rising rate at one of the scores, had one more lead with it converted or not."""
    rate, weight = rate.copy(), weight.copy()
    rate[place] = (rate[place] * weight[place] + converted) / (weight[place] + 1)
    weight[place] += 1
    return float(rising(rate, weight)[place])
