"""How near to the best possible score Baton comes, on sample CRMs, where that is known.

    python benchmarks/sample_crm_gap.py --seeds 10

Each seed is a world of its own: features, learning and forward test are those of the stages. The best
possible score is the probability of each lead given all that is on record. Told are, of the later leads,

- the gap: AUC of the best possible less Baton's;
- what is explained: the share of the log-loss between base rate and best possible that Baton saves;
- how far probabilities are off, as shares of the mean rate. `mean off` is their mean against the rate; the
  others are mean distances over ten bins: `off best` from the best possible, `off rates` from what happened,
  and `by chance` what the latter stays below, 95 times of 100, if every probability is true. The one to hold
  against a limit of 3 % is `off best`: of some thousand leads the outcomes themselves stray by more.

The season of a sample CRM swings once in its whole history: up while leads are learned from, and down while
they are judged. No fold has seen that; ``--swing 0`` leaves it out.

Mean, standard deviation and range over the seeds close the table. The last line is one JSON object.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np

from benchmarks.model_quality.kept import kept, own_code
from benchmarks.projects import SAMPLE_DATA, add_swing, sample_project
from models.evaluation import OWN
from models.learning import learn
from models.metrics import Floats, auc, calibration_error, log_loss
from models.miscalibration import bin_of, error_by_chance
from models.training_rows import TrainingRows
from pipeline.project import Project
from pipeline.sample_crm.oracle import best_possible
from pipeline.sample_crm.settings import DEFAULT_LEADS, DEFAULT_SEED
from pipeline.training import read_lead_ids, read_training_rows

COLUMNS: Final = {
    "auc": "AUC",
    "best_auc": "best",
    "auc_gap": "gap",
    "explained": "explained",
    "mean_off": "mean off",
    "off_best": "off best",
    "off_outcomes": "off rates",
    "off_by_chance": "by chance",
}


def main() -> None:
    """Measure world after world and tell."""
    asked = _arguments()
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    print(f"{'seed':>6} {'rung':20} " + " ".join(f"{title:>9}" for title in COLUMNS.values()))
    found = []
    for seed in range(asked.first_seed, asked.first_seed + asked.seeds):
        world = (asked.leads, seed, asked.swing)
        path = asked.folder / "sample_crm_gap" / f"{asked.leads}_{seed}_{asked.swing:g}.json"
        found.append(kept(path, [own_code(), world], partial(_of_world, world, asked.threads)))
        _row(f"{seed:6} {found[-1]['rung']:20}", found[-1])
    spread = {name: _spread([one[name] for one in found]) for name in COLUMNS}
    for title in ("mean", "sd", "least", "most"):
        _row(f"{title:27}", {name: one[title] for name, one in spread.items()})
    told = {key: getattr(asked, key) for key in ("leads", "seeds", "swing")}
    print(json.dumps({"benchmark": "sample_crm_gap", **told, "figures": spread, "worlds": found}))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--leads", type=int, default=DEFAULT_LEADS, help="leads of each sample CRM")
    parser.add_argument("--seeds", type=int, default=10, help="how many sample CRMs")
    parser.add_argument("--first-seed", type=int, default=DEFAULT_SEED)
    parser.add_argument("--threads", type=int, default=2)
    add_swing(parser)
    parser.add_argument("--folder", type=Path, default=Path("var/quality"), help="where figures are kept")
    return parser.parse_args()


def _of_world(world: tuple[int, int, float], threads: int) -> dict[str, Any]:
    with TemporaryDirectory() as folder:
        project = sample_project(Path(folder) / "project", *world)
        rows = read_training_rows(project)
        params, horizon_days = project.params, project.agreement.target.within_days
        settings = params.train.model_copy(update={"threads": threads})
        learned = learn(rows, settings, params.split, horizon_days)
        test = rows[learned.test]
        best = _best(project, test, horizon_days)
    return {"rung": learned.standing.rung, **figures(test, learned.predicted, best)}


def _best(project: Project, test: TrainingRows, horizon_days: int) -> Floats:
    ids = read_lead_ids(project, test.lead)
    return best_possible(project.root / SAMPLE_DATA, ids, test.as_of, horizon_days)


def figures(test: TrainingRows, predicted: Mapping[str, Floats], best: Floats) -> dict[str, float]:
    """Return the figures of the later leads; ``best`` is the best possible probability of each row."""
    own, label, weight = predicted[OWN], test.label, test.weight
    rate, mean = np.average(label, weights=weight), np.average(own, weights=weight)
    lost = {name: log_loss(p, label, weight) for name, p in {**predicted, "best": best}.items()}
    place = bin_of(own, weight)
    off_best = np.abs(np.bincount(place, weight * (own - best))).sum() / weight.sum()
    return {
        "auc": auc(own, label, weight),
        "best_auc": auc(best, label, weight),
        "auc_gap": auc(best, label, weight) - auc(own, label, weight),
        "log_loss": lost[OWN],
        "best_log_loss": lost["best"],
        "base_log_loss": lost["base_rate"],
        "explained": (lost["base_rate"] - lost[OWN]) / (lost["base_rate"] - lost["best"]),
        "mean_off": float(abs(mean - rate) / rate),
        "off_best": float(off_best / np.average(best, weights=weight)),
        "off_outcomes": float(calibration_error(own, label, weight) / rate),
        "off_by_chance": float(error_by_chance(own, weight, test.lead, seed=7) / rate),
    }


def _spread(values: Sequence[float]) -> Mapping[str, float]:
    told = np.array(values)
    deviation = float(told.std(ddof=1)) if len(told) > 1 else 0.0
    return {
        "mean": float(told.mean()),
        "sd": deviation,
        "least": float(told.min()),
        "most": float(told.max()),
    }


def _row(title: str, told: Mapping[str, Any]) -> None:
    print(f"{title} " + " ".join(f"{told[name]:9.4f}" for name in COLUMNS), flush=True)


if __name__ == "__main__":
    main()
