"""A model that is too good because one feature was told the outcome."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from models.findings import Finding, Objection
from models.floors import OVERRULE
from models.gate_settings import GateSettings
from models.ranking import auc_of_weights
from models.window import Window

TELLING: Final = 0.8
"""From this AUC on it is odd that one feature does it nearly alone; below, little more may be known."""


def carried_by_one_feature(window: Window, shares: Mapping[str, float], settings: GateSettings) -> Finding:
    """Ask whether a model that ranks well owes nearly all of it to one feature.

    ``shares`` says which share of what moves the twin's scores each feature has.
    """
    name, share = max(shares.items(), key=lambda item: item[1])
    auc = auc_of_weights(window.own, window.label)(window.weight)
    objection = None
    if auc >= TELLING and share > settings.one_feature_at_most:
        objection = Objection(
            "a model that ranks well does not owe it to one feature, which the outcome has probably written",
            f"{share:.0%} of what moves the scores is {name}, with an AUC of {auc:.3f} ({window.told})",
            f"ask who writes it and when, and leave it out in features.left_out, {OVERRULE}",
        )
    return Finding("leak", name, {"share": share, "auc": auc, **window.counts}, objection)
