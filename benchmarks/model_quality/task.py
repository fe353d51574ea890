"""What every rival is given: earlier rows to learn from, later rows to score, and so many seconds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from models.estimator import EstimatorSettings
from models.metrics import Floats
from models.split import SplitSettings, forward_test
from models.training_rows import TrainingRows
from pipeline.project import Project
from pipeline.training import read_training_rows


@dataclass(frozen=True)
class Task:
    """Rows of one data set, and the cut by which Baton's stages test models.

    ``train`` and ``test`` are the sides of the cut, the horizon apart. ``rows`` are all, from which Baton
    cuts the same two by itself; ``estimator`` and ``split`` are the settings of the set's params.yaml.
    """

    name: str
    rows: TrainingRows
    train: TrainingRows
    test: TrainingRows
    estimator: EstimatorSettings
    split: SplitSettings
    horizon_days: int


@dataclass(frozen=True)
class Terms:
    """On which terms a rival learns: seconds by the clock, for those that take a budget, threads, seed.

    ``folder`` is where an environment of its own may be made and kept.
    """

    seconds: float
    threads: int
    seed: int
    folder: Path


@dataclass(frozen=True)
class Answer:
    """The probability of each test row, and in a few words what kind of model gave it."""

    probability: Floats
    note: str = ""


Rival = Callable[[Task, Terms], Answer]


class NotRun(Exception):  # noqa: N818 - it is no error that a rival is not installed
    """A rival could not be run; the message says why."""


def task_of(name: str, project: Project) -> Task:
    """Return the task of a project that has its features."""
    rows, params = read_training_rows(project), project.params
    horizon_days = project.agreement.target.within_days
    cut = forward_test(rows.as_of, rows.weight, rows.lead, params.split, horizon_days)
    return Task(name, rows, rows[cut.train], rows[cut.judged], params.train, params.split, horizon_days)
