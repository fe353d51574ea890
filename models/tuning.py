"""Settings of the trees, tuned on forward folds within a budget; the test is never asked."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from models.estimator import EstimatorSettings
from models.forward_part import ForwardPart
from models.recipe import WITH_TREES
from models.study import searched, space_in_words
from models.trials import Bench, Setting, Trial
from models.tuning_settings import TuningSettings

SURE: Final = 1.0
"""A setting is taken if it loses less than the current one by more standard errors than that."""

SAME_TREES: Final = frozenset({"threads", "rung"})
"""Settings that change no tree, so that a search goes on whatever they are."""


@dataclass(frozen=True)
class Tuned:
    """The settings to train with, the trials behind them in their order, and both in words."""

    settings: EstimatorSettings
    trials: tuple[Trial, ...] = ()
    text: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the settings and what was tried as JSON."""
        trials = [asdict(one) for one in self.trials]
        return {"settings": self.settings.model_dump(mode="json"), "trials": trials, "text": self.text}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Tuned:
        """Read what `to_json` wrote."""
        trials = tuple(Trial(**one) for one in data["trials"])
        return cls(EstimatorSettings.model_validate(data["settings"]), trials, data["text"])


def tune(
    part: ForwardPart,
    current: EstimatorSettings,
    budget: TuningSettings,
    record: Path,
    progress: Callable[[str], None] = lambda _: None,
) -> Tuned:
    """Look for settings with which trees lose less on forward folds than with the current ones.

    ``record`` is the file that keeps the trials, so that a search that was stopped goes on. A search on
    other rows, folds or settings begins anew beside it.
    """
    if budget.trials < 2:
        return Tuned(current)
    if current.rung is not None and current.rung not in WITH_TREES:
        return Tuned(current, text="Nothing was tuned: train.rung names a model without trees.")
    if not part.able:
        return Tuned(current, text="Nothing was tuned: there is too little history for a forward fold.")
    trials = searched(current, budget, Bench(part, current).tried, record, _key(part, current), progress)
    return chosen(current, trials)


def chosen(current: EstimatorSettings, trials: tuple[Trial, ...]) -> Tuned:
    """Take the trial that lost least if it is surely better, so that the luckiest of many does not win.

    Only trials that lost less than the current setting on every fold are thought of: a standard error over
    leads knows nothing of a world that turns, and what did well in one period only proves nothing.
    """
    steady = [trial for trial in trials if trial.worst < 0]
    best = min(steady, key=lambda trial: trial.log_loss, default=None)
    said = f"Of {len(trials)} settings tried on forward folds"
    if best is None:
        return Tuned(current, trials, f"{said} none is better than that of params.yaml on every fold.")
    if -best.more <= SURE * best.error:
        return Tuned(current, trials, f"{said} none is surely better than that of params.yaml{_gain(best)}.")
    settings = current.model_copy(update=dict(best.setting))
    found = f"one is better than that of params.yaml{_gain(best)}: {_told(best.setting)}"
    return Tuned(settings, trials, f"{said} {found}.")


def _gain(best: Trial) -> str:
    return f" (log-loss lower by {-best.more:.4f} ± {best.error:.4f}, standard error over leads)"


def _told(setting: Setting) -> str:
    return ", ".join(
        f"{name} {'by the number of rows' if value is None else format(value, '.3g')}"
        for name, value in setting.items()
    )


def _key(part: ForwardPart, current: EstimatorSettings) -> str:
    """Return a name that no other rows, folds, settings, space or LightGBM share."""
    rows, hashed = part.train, hashlib.sha256()
    for array in (rows.matrix, rows.label, rows.weight, rows.as_of, rows.lead, rows.reached):
        hashed.update(array.tobytes())
    for fold in part.able:
        for side in (fold.train, fold.young, fold.judged):
            hashed.update(side.tobytes() + b"|")
    told = {
        "names": rows.names,
        "categorical": rows.categorical,
        "monotone": dict(rows.monotone),
        "current": current.model_dump(mode="json", exclude=set(SAME_TREES)),
        "space": space_in_words(current),
        "lightgbm": version("lightgbm"),
    }
    hashed.update(json.dumps(told, sort_keys=True).encode())
    return hashed.hexdigest()
