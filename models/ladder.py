"""On which rung the model may stand: the evidence of forward folds, weighed against plainness."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from models.bins import Floats
from models.model import RUNGS, Rung
from models.paired import Interval, mean_and_error

COIN: Final = 0.5
"""The AUC of a ranking by lot."""

RANKS: Final = 2.75
"""So many standard errors above a coin's make a ranking no chance. That is one in three hundred by itself;
as rung, rounds and points were chosen on the same folds, it is about three in a hundred."""

GAINS: Final = 4.0
"""So many standard errors of log-loss below the base rate are a signal, too: one that tells good times from
bad rather than leads of one time. Trees of noise are so small that their error is, too, and reach three."""

SURE: Final = 2.5
"""A rung that loses more than the base rate by so many standard errors is none to stand on."""

AS_GOOD: Final = 1.0
"""A plainer rung that is worse by no more standard errors is as good (Breiman et al., Classification and
Regression Trees, 1984)."""

NAMES: Final[Mapping[Rung, str]] = {
    "base_rate": "the base rate",
    "scorecard": "the scorecard",
    "scorecard_and_trees": "the scorecard and trees together",
    "trees": "trees alone",
}


OTHER: Final[Mapping[Rung, Rung]] = {"scorecard": "trees", "trees": "scorecard"}


@dataclass(frozen=True)
class Told:
    """How evidence is spoken of: ``where`` it was found, on what ``leads``, and what is to be known of it."""

    where: str
    leads: str
    more: str = ""


FORWARD: Final = Told("on forward folds", "later leads")
CROSSED: Final = Told(
    "in cross-validation", "other leads", " There is too little history to be judged forward in time."
)


@dataclass(frozen=True)
class Judged:
    """The judged rows of all folds, one fold after the other: their weights, their leads, their folds."""

    weight: Floats
    lead: NDArray[np.int64]
    fold: NDArray[np.intp]


@dataclass(frozen=True)
class Step:
    """What a rung lost on forward folds: its log-loss, how much more than the best above the base rate, and
    the standard error of that."""

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
    losses: Mapping[Rung, Floats],
    judged: Judged,
    ranking: Callable[[Rung], Interval],
    only: Rung | None = None,
    told: Told = FORWARD,
) -> Standing:
    """Choose the plainest rung that is as good as the best, or the base rate if there is no signal.

    Where the scorecard or the trees alone would be chosen, and on most folds the other one did better, it
    is the mean of both: one fold in which the world changed proves nothing, and the mean is never the worse
    of the two.

    ``losses`` are those of the ``judged`` rows. Standard errors are
    over leads, whose rows belong together. ``ranking`` gives a rung's AUC on them with its 95 % interval:
    it shows a weak signal long before probabilities do. ``only`` is a rung that a person has chosen.
    """
    found = _weighed(losses, judged, ranking, told, only)
    return replace(found, text=found.text + told.more)


def _weighed(
    losses: Mapping[Rung, Floats],
    judged: Judged,
    ranking: Callable[[Rung], Interval],
    told: Told,
    only: Rung | None,
) -> Standing:
    weight, lead, fold = judged.weight, judged.lead, judged.fold
    mean = {rung: float(np.average(losses[rung], weights=weight)) for rung in RUNGS}
    best = min(RUNGS[1:], key=lambda rung: mean[rung])
    steps = tuple(
        Step(rung, mean[rung], *mean_and_error(losses[rung] - losses[best], weight, lead)) for rung in RUNGS
    )
    if only is not None:
        return Standing(only, steps, f"The model is {NAMES[only]}: params.yaml says so (train.rung).")
    floor, ranked = steps[0], ranking(best)
    if not _is_no_chance(ranked) and floor.more <= GAINS * floor.error:
        return Standing("base_rate", steps, _no_signal(best, ranked, told))
    if floor.more < -SURE * floor.error:
        return Standing("base_rate", steps, _no_use(best, floor, told))
    good = next(step for step in steps[1:] if step.more <= AS_GOOD * step.error)
    if good.rung in OTHER and _mostly_better(losses[OTHER[good.rung]] - losses[good.rung], weight, fold):
        return Standing("scorecard_and_trees", steps, _both(good.rung, told))
    return Standing(good.rung, steps, _words(good, best, floor, told))


def _mostly_better(more: Floats, weight: Floats, fold: NDArray[np.intp]) -> bool:
    """Return whether what loses ``more`` loses less on most folds."""
    sums = np.bincount(fold, more * weight)
    return bool((sums < 0).sum() > len(sums) / 2)


def _both(good: Rung, told: Told) -> str:
    return (
        f"The model is {NAMES['scorecard_and_trees']}: {told.where} {NAMES[good]} did best over all, "
        f"but {NAMES[OTHER[good]]} did better on most folds."
    )


def _is_no_chance(ranked: Interval) -> bool:
    """Return whether a ranking is surely better than a coin's, the interval being that of 95 %."""
    return ranked.value - COIN > RANKS * (ranked.high - ranked.low) / (2 * 1.96)


def _no_signal(best: Rung, ranked: Interval, told: Told) -> str:
    return (
        f"No usable signal: {NAMES[best]} ranks {told.leads} with an AUC of {ranked.value:.3f} "
        f"(95 % interval {ranked.low:.3f} to {ranked.high:.3f}), which may be chance. "
        "Every lead gets the base rate."
    )


def _no_use(best: Rung, floor: Step, told: Told) -> str:
    return (
        f"No usable signal: on {told.leads} {NAMES[best]} loses {-floor.more:.4f} ± {floor.error:.4f} "
        "(standard error) more than the base rate, which every lead gets therefore."
    )


def _words(good: Step, best: Rung, floor: Step, told: Told) -> str:
    gain = f"log-loss {good.log_loss:.4f} on {told.leads}, {floor.log_loss:.4f} for the base rate"
    if good.rung == best:
        return f"The model is {NAMES[good.rung]}: the best {told.where} ({gain})."
    less = f"{NAMES[best]} did better by only {good.more:.4f} ± {good.error:.4f} (standard error)"
    return f"The model is {NAMES[good.rung]}: as good as any {told.where} ({gain}); {less}."
