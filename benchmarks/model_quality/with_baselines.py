"""The baselines of every forward test of Baton."""

from __future__ import annotations

from benchmarks.model_quality.task import Answer, Task, Terms
from models import baselines


def base_rate(task: Task, _: Terms) -> Answer:
    """Give every lead the rate of the training rows."""
    return Answer(baselines.base_rate(task.train, task.test))


def count_rule(task: Task, _: Terms) -> Answer:
    """Count, as CRMs do."""
    return Answer(baselines.count_rule(task.train, task.test))


def logistic_regression(task: Task, _: Terms) -> Answer:
    """Fit a ridge logistic regression."""
    return Answer(baselines.logistic_regression(task.train, task.test))
