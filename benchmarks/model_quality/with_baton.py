"""Baton as the stage train runs it."""

from __future__ import annotations

from benchmarks.model_quality.task import Answer, Task, Terms
from models.evaluation import OWN
from models.learning import learn


def baton(task: Task, terms: Terms) -> Answer:
    """Learn as Baton does; the answer is its forward test, by a model that learned from ``train`` alone."""
    settings = task.estimator.model_copy(update={"seed": terms.seed, "threads": terms.threads})
    learned = learn(task.rows, settings, task.split, task.horizon_days, baselines={})
    return Answer(learned.predicted[OWN], learned.standing.rung.replace("_", " "))
