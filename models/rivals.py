"""The challenger against one other scorer on the whole window: losses, ranking, calibration."""

from __future__ import annotations

from collections.abc import Iterator

from models.findings import Finding, Objection, figures_of
from models.floors import OVERRULE
from models.gate_settings import GateSettings
from models.miscalibration import error_of_weights
from models.paired import losses, mean_interval, resampled_interval
from models.ranking import auc_of_weights
from models.window import Window


def loses_to(window: Window, rival: str, seed: int) -> Finding:
    """Ask whether the log-loss is clearly higher than the rival's."""
    gain = losses(window.others[rival], window.label) - losses(window.own, window.label)
    found = mean_interval(gain, window.weight, window.lead, seed)
    objection = None
    if found.high < 0:
        objection = Objection(
            f"a model is served only if it is not clearly worse than {rival} on the same later leads",
            f"log-loss {-found.value:.4f} higher (95 % interval {found}; {window.told})",
            f"train a better one, {OVERRULE}",
        )
    return Finding("log-loss", rival, {**figures_of(found), **window.counts}, objection)


def ranks_below(window: Window, rival: str, seed: int) -> Finding:
    """Ask whether the AUC is clearly lower than the rival's."""
    own, other = (auc_of_weights(said, window.label) for said in (window.own, window.others[rival]))
    found = resampled_interval(lambda weight: own(weight) - other(weight), window.weight, window.lead, seed)
    objection = None
    if found.high < 0:
        objection = Objection(
            f"a model ranks leads no worse than {rival}, whatever its log-loss",
            f"AUC {-found.value:.4f} lower (95 % interval {found}; {window.told})",
            f"train a better one, {OVERRULE}",
        )
    return Finding("ranking", rival, {**figures_of(found), **window.counts}, objection)


def means_it_less(window: Window, rival: str, settings: GateSettings, seed: int) -> Finding:
    """Ask whether the calibration error is clearly higher than the rival's, and by more than is tolerated."""
    own, other = (
        error_of_weights(said, window.label, window.weight) for said in (window.own, window.others[rival])
    )
    found = resampled_interval(lambda weight: other(weight) - own(weight), window.weight, window.lead, seed)
    objection = None
    if found.high < 0 and -found.value > settings.calibration_worse_at_most:
        objection = Objection(
            f"a model's probabilities are no further from the truth than those of {rival}, however it ranks",
            f"calibration error {-found.value:.4f} higher (95 % interval {found}; {window.told})",
            f"calibrate it on later folds, {OVERRULE}",
        )
    return Finding("calibration", rival, {**figures_of(found), **window.counts}, objection)


def against(window: Window, rival: str, settings: GateSettings, seed: int) -> Iterator[Finding]:
    """Yield all comparisons with a served model."""
    yield loses_to(window, rival, seed)
    yield ranks_below(window, rival, seed)
    yield means_it_less(window, rival, settings, seed)
