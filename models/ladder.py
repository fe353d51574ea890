"""On which rung the model may stand: the evidence of forward folds, weighed against plainness."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from models.bins import Floats
from models.model import RUNGS, Rung

SURE: Final = 2.5
"""So many standard errors of its gain over the base rate make a signal: by chance alone one run in a
hundred has them, of the best of three rungs."""

AS_GOOD: Final = 1.0
"""A plainer rung that is worse by no more standard errors is as good (Breiman et al., Classification and
Regression Trees, 1984)."""

NAMES: Final[Mapping[Rung, str]] = {
    "base_rate": "the base rate",
    "scorecard": "the scorecard",
    "scorecard_and_trees": "the scorecard and trees together",
    "trees": "trees alone",
}


@dataclass(frozen=True)
class Step:
    """What a rung lost on forward folds: its log-loss, how much more than the best, and how sure that is."""

    rung: Rung
    log_loss: float
    more: float
    error: float


@dataclass(frozen=True)
class Standing:
    """The rung that was chosen, the evidence, and both in words."""

    rung: Rung
    steps: tuple[Step, ...]
    text: str

    def to_json(self) -> dict[str, Any]:
        """Return the standing as JSON."""
        steps = {
            step.rung: {"log_loss": step.log_loss, "more": step.more, "error": step.error}
            for step in self.steps
        }
        return {"rung": self.rung, "steps": steps, "text": self.text}


def without_evidence(rung: Rung, why: str) -> Standing:
    """Return a rung that no fold was asked about."""
    return Standing(rung, (), f"The model is {NAMES[rung]}: {why}.")


def chosen_rung(
    losses: Mapping[Rung, Floats], weight: Floats, lead: NDArray[np.int64], only: Rung | None = None
) -> Standing:
    """Choose the plainest rung that is as good as the best, or the base rate if there is no signal.

    ``losses`` are those of the same judged rows, one after the other of all folds. Standard errors are
    over leads, whose rows belong together. ``only`` is a rung that a person has chosen.
    """
    mean = {rung: float(np.average(losses[rung], weights=weight)) for rung in RUNGS}
    best = min(RUNGS, key=lambda rung: mean[rung])
    steps = tuple(
        Step(rung, mean[rung], mean[rung] - mean[best], _error(losses[rung] - losses[best], weight, lead))
        for rung in RUNGS
    )
    if only is not None:
        return Standing(only, steps, f"The model is {NAMES[only]}: params.yaml says so (train.rung).")
    floor = steps[0]
    if floor.more <= SURE * floor.error or floor.more == 0:
        return Standing("base_rate", steps, _no_signal(floor, best))
    good = next(step for step in steps[1:] if step.more <= AS_GOOD * step.error)
    return Standing(good.rung, steps, _words(good, best, floor))


def _error(more: Floats, weight: Floats, lead: NDArray[np.int64]) -> float:
    """Return the standard error of a weighted mean whose rows come in groups, by linearisation."""
    _, group = np.unique(lead, return_inverse=True)
    mean = np.average(more, weights=weight)
    return float(np.sqrt((np.bincount(group, (more - mean) * weight) ** 2).sum()) / weight.sum())


def _no_signal(floor: Step, best: Rung) -> str:
    found = (
        "none of the others had a lower log-loss"
        if not floor.more
        else f"the best, {NAMES[best]}, was better by {floor.more:.4f} ± {floor.error:.4f} (standard error)"
    )
    return (
        f"No usable signal: on later leads {found}, and {SURE:g} standard errors are asked for. "
        "Every lead gets the base rate."
    )


def _words(good: Step, best: Rung, floor: Step) -> str:
    gain = f"log-loss {good.log_loss:.4f} on later leads, {floor.log_loss:.4f} for the base rate"
    if good.rung == best:
        return f"The model is {NAMES[good.rung]}: the best on forward folds ({gain})."
    less = f"{NAMES[best]} did better by only {good.more:.4f} ± {good.error:.4f} (standard error)"
    return f"The model is {NAMES[good.rung]}: as good as any on forward folds ({gain}); {less}."
