"""The search for settings by Optuna, on record trial by trial, so that one that was stopped goes on."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from models.estimator import EstimatorSettings
from models.trials import Setting, Trial
from models.tuning_settings import TuningSettings

if TYPE_CHECKING:
    from optuna import Study
    from optuna.distributions import BaseDistribution
    from optuna.samplers import BaseSampler
    from optuna.trial import FrozenTrial

BESIDE: Final = ("rounds", "more", "error", "worst")
"""What is kept of a trial beside its setting and its log-loss."""

LEAVES: Final = (None, 20, 50, 100, 200, 400)
"""Fewest rows in a leaf; None is by the number of rows."""


def space_around(current: EstimatorSettings) -> dict[str, BaseDistribution]:
    """Return the values that are searched, stretched where the current setting lies outside."""
    from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

    def bounds(name: str, low: float, high: float) -> tuple[float, float]:
        own = getattr(current, name)
        return min(low, own), max(high, own)

    def whole(name: str, low: int, high: int, *, log: bool = False) -> IntDistribution:
        least, most = bounds(name, low, high)
        return IntDistribution(int(least), int(most), log=log)

    leaves = dict.fromkeys((*LEAVES, current.min_data_in_leaf))
    return {
        "num_leaves": whole("num_leaves", 3, 16),
        "learning_rate": FloatDistribution(*bounds("learning_rate", 0.03, 0.2), log=True),
        "min_data_in_leaf": CategoricalDistribution(tuple(leaves)),
        "lambda_l2": FloatDistribution(*bounds("lambda_l2", 0.0, 100.0)),
        "feature_fraction": FloatDistribution(*bounds("feature_fraction", 0.1, 1.0)),
        "cat_smooth": FloatDistribution(*bounds("cat_smooth", 1.0, 100.0)),
        "max_cat_to_onehot": whole("max_cat_to_onehot", 4, 256, log=True),
    }


def space_in_words(current: EstimatorSettings) -> list[str]:
    """Return the space as texts that change with it."""
    return [f"{name}: {values!r}" for name, values in space_around(current).items()]


def searched(  # noqa: PLR0913, PLR0917 - the search, its budget, its record and who listens
    current: EstimatorSettings,
    budget: TuningSettings,
    tried: Callable[[Setting], Trial],
    record: Path,
    key: str,
    progress: Callable[[str], None] = lambda _: None,
) -> tuple[Trial, ...]:
    """Try settings, the current one first, until the budget is spent; return all trials in their order.

    ``record`` is a SQLite file in which the study named ``key`` goes on where it stopped. Each trial's
    setting follows from the finished ones before it and from the seed, so that a search that was stopped
    comes to the same trials as one that was not. The sampler is a tree-structured Parzen estimator
    (Bergstra et al., Algorithms for Hyper-Parameter Optimization, 2011).
    """
    study, space = _opened(record, key), space_around(current)
    while len(done := _finished(study)) < budget.trials and _seconds(study) < 60 * budget.minutes:
        began = time.monotonic()
        if not done and not _in_state(study, "WAITING"):
            study.enqueue_trial({name: getattr(current, name) for name in space})
        study.sampler = _sampler(current.seed + len(done))
        asked = study.ask(space)
        trial = tried(dict(asked.params))
        for name in BESIDE:
            asked.set_user_attr(name, getattr(trial, name))
        asked.set_user_attr("seconds", time.monotonic() - began)
        study.tell(asked, trial.log_loss)
        best = min(one.log_loss for one in (*done, trial))
        found = f"log-loss {trial.log_loss:.5f} on forward folds, the best so far {best:.5f}"
        progress(f"trial {len(done) + 1} of {budget.trials}: {found}")
    return done


def _opened(record: Path, key: str) -> Study:
    """Return the study; a trial that was begun and not finished counts as failed, which teaches nothing."""
    import optuna

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    record.parent.mkdir(parents=True, exist_ok=True)
    study = optuna.create_study(storage=f"sqlite:///{record}", study_name=key, load_if_exists=True)
    for begun in _in_state(study, "RUNNING"):
        study.tell(begun.number, state=optuna.trial.TrialState.FAIL)
    return study


def _sampler(seed: int) -> BaseSampler:
    from optuna.samplers import TPESampler

    return TPESampler(multivariate=True, constant_liar=False, seed=seed)


def _finished(study: Study) -> tuple[Trial, ...]:
    return tuple(
        Trial(one.params, one.values[0], *(one.user_attrs[name] for name in BESIDE))
        for one in _in_state(study, "COMPLETE")
    )


def _seconds(study: Study) -> float:
    return float(sum(one.user_attrs["seconds"] for one in _in_state(study, "COMPLETE")))


def _in_state(study: Study, state: str) -> list[FrozenTrial]:
    from optuna.trial import TrialState

    return study.get_trials(deepcopy=False, states=(TrialState[state],))
