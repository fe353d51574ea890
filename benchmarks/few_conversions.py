"""Whether Baton is ever worse than the best baseline when only few leads have converted.

    python benchmarks/few_conversions.py --conversions 50 100 200 1000 --draws 10

Of the leads that the forward test of a sample CRM learns from, so many are drawn that a given number of them
converted. Baton learns from this history alone, and from looks at the same leads whose horizon was not over
when the later leads begin, and stands on the rung that its own folds allow; its served model and baselines
then score all later leads of the sample, some thousand. Features are those of the whole sample CRM.

Told are, for each number of conversions, the mean log-loss and AUC of all, Baton's lead on each baseline with
an interval over the draws, its rungs, and in how many draws the best baseline of that draw is surely better
(95 % interval over the later leads). That baseline is picked by the outcomes, which is hard on Baton. The
last line is one JSON object.
"""

from __future__ import annotations

import argparse
import json
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks.model_quality.figures import LOWER_IS_BETTER, METRICS, figure
from benchmarks.model_quality.kept import kept, own_code
from benchmarks.model_quality.prepared import SAMPLE, kept_project
from benchmarks.model_quality.task import Task, task_of
from data_checks.errors import BatonError
from models.back_test.replay import young_at
from models.baselines import BASELINES
from models.evaluation import OWN
from models.intervals import Z
from models.learning import learn
from models.metrics import Floats
from models.training_rows import TrainingRows
from pipeline.sample_crm.settings import DEFAULT_LEADS, DEFAULT_SEED

TOLD: Final = ("log_loss", "auc")


def main() -> None:
    """Draw histories of each size, learn from them, tell."""
    asked = _arguments()
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    task = task_of(SAMPLE, kept_project(asked.folder, SAMPLE, asked.leads, asked.seed))
    found = {}
    for conversions in asked.conversions:
        draws = [_kept_draw(task, conversions, draw, asked) for draw in range(asked.draws)]
        found[str(conversions)] = {**_summary(draws), "draws": draws}
        _tell(conversions, found[str(conversions)])
    told = {"benchmark": "few_conversions", "leads": asked.leads, "seed": asked.seed}
    print(json.dumps({**told, "conversions": found}))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--conversions", type=int, nargs="+", default=[50, 100, 200, 1000])
    parser.add_argument("--draws", type=int, default=10, help="histories of each size")
    parser.add_argument("--leads", type=int, default=DEFAULT_LEADS, help="leads of the sample CRM")
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED, help="of the sample CRM")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--folder", type=Path, default=Path("var/quality"), help="where figures are kept")
    return parser.parse_args()


def _kept_draw(task: Task, conversions: int, draw: int, asked: argparse.Namespace) -> dict[str, Any]:
    path = asked.folder / "few_conversions" / f"{asked.leads}_{asked.seed}_{conversions}_{draw}.json"
    depends_on = [own_code(), asked.leads, asked.seed, conversions, draw]
    return kept(path, depends_on, partial(measured, task, conversions, draw, asked.threads))


def measured(task: Task, conversions: int, draw: int, threads: int) -> dict[str, Any]:
    """Return what Baton and the baselines make of one history; what Baton said if it refused to learn."""
    history = small_history(task.train, conversions, draw)
    cut = int(task.test.as_of.min())
    own = task.rows[np.flatnonzero(np.isin(task.rows.lead, history.lead))]
    young = young_at(own, cut, task.horizon_days)
    settings = task.estimator.model_copy(update={"threads": threads})
    predicted = {name: rule(history, task.test) for name, rule in BASELINES.items()}
    try:
        learned = learn(history, settings, task.split, task.horizon_days, baselines={}, young=young)
    except BatonError as fault:
        return {"refused": str(fault)}
    predicted[OWN] = learned.calibration.probability(learned.model.log_odds(task.test.matrix))
    return {
        "leads": len(np.unique(history.lead)),
        "rung": learned.standing.rung,
        "why": learned.standing.text,
        "calibration": learned.calibration.kind,
        **{metric: _by(metric, task.test, predicted) for metric in TOLD},
    }


def small_history(rows: TrainingRows, conversions: int, draw: int) -> TrainingRows:
    """Return the rows of leads drawn at random, one after the other until so many of them have converted."""
    converted = np.unique(rows.lead[rows.label])
    if len(converted) < conversions:
        raise BatonError(
            "a history is drawn from leads of which enough converted",
            f"{len(converted)} of the training part",
            "draw a larger sample CRM with --leads",
        )
    order = np.random.default_rng([draw, conversions]).permutation(np.unique(rows.lead))
    passed = np.cumsum(np.isin(order, converted))
    return rows[np.flatnonzero(np.isin(rows.lead, order[: np.searchsorted(passed, conversions) + 1]))]


def _by(metric: str, test: TrainingRows, predicted: Mapping[str, Floats]) -> dict[str, Any]:
    """Return each scorer's figure, which baseline is best, and Baton's lead on it with its interval."""
    lower = metric in LOWER_IS_BETTER
    values = {name: METRICS[metric](one, test.label)(test.weight) for name, one in predicted.items()}
    best = (min if lower else max)(BASELINES, key=lambda name: values[name])
    own, other = (figure(metric, test, [predicted[name]]) for name in (OWN, best))
    lead = own.lead_on(other, lower)
    return {"values": values, "best": best, "lead": lead.value, "low": lead.low, "high": lead.high}


def _summary(draws: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    able = [draw for draw in draws if "refused" not in draw]
    return {
        "refused": len(draws) - len(able),
        "rungs": dict(Counter(draw["rung"] for draw in able)),
        **{metric: _over_draws(metric, able) for metric in TOLD if able},
    }


def _over_draws(metric: str, draws: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    values = {name: np.array([draw[metric]["values"][name] for draw in draws]) for name in (OWN, *BASELINES)}
    sign = -1 if metric in LOWER_IS_BETTER else 1
    return {
        "mean": {name: float(one.mean()) for name, one in values.items()},
        "leads": {name: _mean_interval(sign * (values[OWN] - values[name])) for name in BASELINES},
        "lead_on_best": _mean_interval(np.array([draw[metric]["lead"] for draw in draws])),
        "surely_worse": sum(draw[metric]["high"] < 0 for draw in draws),
        "draws": len(draws),
    }


def _mean_interval(values: Floats) -> tuple[float, float, float]:
    mean = float(values.mean())
    half = Z * float(values.std(ddof=1)) / len(values) ** 0.5 if len(values) > 1 else 0.0
    return mean, mean - half, mean + half


def _tell(conversions: int, found: Mapping[str, Any]) -> None:
    rungs = ", ".join(f"{rung.replace('_', ' ')} {times}" for rung, times in found["rungs"].items())
    print(f"\n{conversions} conversions; rungs: {rungs or 'none'}; refused: {found['refused']}")
    for metric in TOLD:
        if metric not in found:
            continue
        one = found[metric]
        print(f"  {metric:9}" + "  ".join(f"{name} {value:.4f}" for name, value in one["mean"].items()))
        for name, (mean, low, high) in {**one["leads"], "the best of them": one["lead_on_best"]}.items():
            print(f"    Baton better than {name:20} by {mean:+.4f} [{low:+.4f} {high:+.4f}]")
        print(f"    surely worse than the best in {one['surely_worse']} of {one['draws']} draws", flush=True)


if __name__ == "__main__":
    main()
