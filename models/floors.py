"""The floors and ceilings that no comparison replaces."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

from models.findings import Finding, Objection
from models.gate_settings import GateSettings
from models.miscalibration import error_by_chance, error_of_weights
from models.ranking import auc_of_weights
from models.window import Window

OVERRULE: Final = "or overrule with `baton promote --reason ...`"


def enough_outcomes(window: Window, settings: GateSettings) -> Finding:
    """Ask for enough conversions, and as many leads without one."""
    least = settings.conversions_at_least
    objection = None
    if min(window.conversions, window.leads - window.conversions) < least:
        rule = f"a model is judged by at least {least} conversions, and as many leads that did not convert"
        objection = Objection(
            rule, f"{window.told} in the forward window", f"wait for more outcomes, {OVERRULE}"
        )
    return Finding("enough outcomes", "forward window", window.counts, objection)


def ranks_well_enough(window: Window, settings: GateSettings) -> Finding:
    """Hold AUC between the floor and the ceiling: what ranks nearly all leads rightly knows the outcome."""
    auc = auc_of_weights(window.own, window.label)(window.weight)
    found, objection = f"AUC {auc:.3f} ({window.told})", None
    if auc < settings.auc_at_least:
        rule = f"a model ranks later leads with an AUC of at least {settings.auc_at_least:g}"
        objection = Objection(rule, found, f"look for features that tell more, {OVERRULE}")
    if auc > settings.auc_at_most:
        rule = f"an AUC above {settings.auc_at_most:g} is not foretelling, it is being told the outcome"
        objection = Objection(rule, found, f"look for the leak in reports/leakage.html, {OVERRULE}")
    return Finding("ranking", "forward window", {"auc": auc, **window.counts}, objection)


def means_what_it_says(window: Window, settings: GateSettings, seed: int) -> Finding:
    """Hold the calibration error under its ceiling, allowing for chance.

    What a bin is off by chance and what it is off in truth add up in squares, so that is how chance is
    added to the ceiling; in a large window little is left of it.
    """
    error = error_of_weights(window.own, window.label, window.weight)(window.weight)
    chance = error_by_chance(window.own, window.weight, window.lead, seed)
    said, was = ((window.weight @ one) / window.weight.sum() for one in (window.own, window.label))
    objection = None
    if error > math.hypot(settings.calibration_error_at_most, chance):
        objection = Objection(
            f"probabilities are at most {settings.calibration_error_at_most:g} away from what comes true",
            f"{error:.3f} on average, where chance explains {chance:.3f}: {said:.1%} was said of them and "
            f"{was:.1%} converted ({window.told})",
            f"look at reports/plots/calibration.svg and at how the rate moves with time, {OVERRULE}",
        )
    figures = {"error": error, "by_chance": chance, "said": float(said), "converted": float(was)}
    return Finding("calibration", "forward window", {**figures, **window.counts}, objection)


def floors(window: Window, settings: GateSettings, seed: int) -> Iterator[Finding]:
    """Yield what the floors find; without both outcomes nothing but that is said."""
    yield enough_outcomes(window, settings)
    if window.label.any() and not window.label.all():
        yield ranks_well_enough(window, settings)
        yield means_what_it_says(window, settings, seed)
