"""How often the interval of a probability holds what it says it holds, against the truth of the sample CRM.

    python benchmarks/interval_coverage.py --seeds 20

Each seed is a sample CRM of its own, which goes the whole way to a model. The forward test's looks are cut
into bands of equally many by their score. The interval of a band is the mean of its leads' ends; it is to
hold the band's mean true probability, which the sample CRM knows for each look and in which there is no
chance of yes and no. Told is the share of bands that are held, with its standard error over seeds, as the
bands of one world belong together, and the mean width. ``--rounds`` fixes the number of trees, which
saves most of the time. The last line is one JSON object.

The season of a sample CRM swings once in its whole history: up while leads are learned from, and down while
they are judged. No fold has seen that; ``--swing 0`` leaves it out.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.projects import add_swing, sample_project
from models.calibration.interval import LEVEL
from models.learning import Learned, learn
from models.log_odds import log_odds_of, probability_of
from models.metrics import Floats, calibration_error
from models.training_rows import TrainingRows
from pipeline.project import Project
from pipeline.sample_crm.oracle import best_possible
from pipeline.training import read_lead_ids, read_training_rows


@dataclass(frozen=True)
class Band:
    """Looks of about one score: the mean interval, the mean probability told, and the mean true one."""

    low: float
    high: float
    told: float
    true: float

    @property
    def held(self) -> bool:
        """Whether the interval holds the truth."""
        return self.low <= self.true <= self.high


def main() -> None:
    """Make worlds, learn in each, and count."""
    asked = _arguments()
    worlds = {}
    for seed in range(asked.first_seed, asked.first_seed + asked.seeds):
        with tempfile.TemporaryDirectory() as folder:
            project = sample_project(Path(folder) / "project", asked.leads, seed, asked.swing)
            worlds[seed] = _world(project, asked)
        _say(f"seed {seed}: {_words(worlds[seed])}")
    told = {"leads": asked.leads, "swing": asked.swing, "level": LEVEL}
    _say(json.dumps({**told, **_summary(list(worlds.values()))}))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--leads", type=int, default=6_000, help="leads of each sample CRM")
    parser.add_argument("--seeds", type=int, default=20, help="how many sample CRMs")
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--bands", type=int, default=5, help="bands of each forward test")
    add_swing(parser)
    parser.add_argument("--rounds", type=int, help="trees, if not to be found on the folds")
    return parser.parse_args()


def _world(project: Project, asked: argparse.Namespace) -> dict[str, Any]:
    rows, horizon_days = read_training_rows(project), project.agreement.target.within_days
    settings = project.params.train.model_copy(update={"rounds": asked.rounds})
    learned = learn(rows, settings, project.params.split, horizon_days, baselines={})
    test = rows[learned.test]
    ids = read_lead_ids(project, test.lead)
    truth = best_possible(project.root / project.params.data.source, ids, test.as_of, horizon_days)
    found = bands(learned, test, truth, asked.bands)
    return {
        "rung": learned.standing.rung,
        "calibration": learned.calibration.kind,
        "calibration_error": calibration_error(learned.predicted["baton"], test.label, test.weight),
        "bands": [vars(band) | {"held": band.held} for band in found],
    }


def bands(learned: Learned, test: TrainingRows, truth: Floats, number: int) -> list[Band]:
    """Return the bands of the forward test, from the lowest scores to the highest."""
    if learned.interval is None:
        return []
    score = learned.calibration.log_odds(learned.twin.log_odds(test.matrix))
    sides = np.column_stack([*learned.interval.ends(score), probability_of(score), truth])
    parts = np.array_split(np.argsort(score, kind="stable"), number)
    return [Band(*np.average(sides[part], axis=0, weights=test.weight[part]).tolist()) for part in parts]


def _summary(worlds: list[dict[str, Any]]) -> dict[str, Any]:
    told = [one["bands"] for one in worlds if one["bands"]]
    held = np.array([[band["held"] for band in one] for one in told], float)
    ends = np.array([[(band["low"], band["high"]) for band in one] for one in told])
    by_world = held.mean(axis=1)
    logs = log_odds_of(ends)
    return {
        "worlds": len(worlds),
        "without_interval": len(worlds) - len(told),
        "coverage": held.mean(),
        "standard_error": by_world.std(ddof=1) / np.sqrt(len(told)) if len(told) > 1 else None,
        "coverage_by_band": held.mean(axis=0).tolist(),
        "mean_width": float((ends[..., 1] - ends[..., 0]).mean()),
        "mean_width_log_odds": float((logs[..., 1] - logs[..., 0]).mean()),
        "calibrations": sorted(one["calibration"] for one in worlds),
        "rungs": sorted(one["rung"] for one in worlds),
    }


def _words(world: dict[str, Any]) -> str:
    shown = [
        f"{'in ' if band['held'] else 'OUT'} {band['true']:.3f} of {band['low']:.3f}-{band['high']:.3f}"
        for band in world["bands"]
    ]
    return f"{world['rung']}, calibration {world['calibration']}; " + ", ".join(shown)


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
