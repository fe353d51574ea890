"""FLAML: a search over kinds of models and their settings for as long as it may last."""

from __future__ import annotations

import logging

import numpy as np

from benchmarks.model_quality.frames import frame_of
from benchmarks.model_quality.task import Answer, Task, Terms


def flaml(task: Task, terms: Terms) -> Answer:
    """Search by log-loss within the budget.

    FLAML is told that the rows are in order of time, so that it validates forward; it learns the best model
    again from all rows once the budget is spent.
    """
    from flaml import AutoML

    logging.getLogger("flaml").setLevel(logging.ERROR)
    train = task.train[np.argsort(task.train.as_of, kind="stable")]
    search = AutoML()
    search.fit(
        X_train=frame_of(train),
        y_train=train.label.astype(int),
        sample_weight=train.weight,
        task="classification",
        metric="log_loss",
        split_type="time",
        time_budget=terms.seconds,
        n_jobs=terms.threads,
        seed=terms.seed,
        verbose=0,
    )
    return Answer(np.asarray(search.predict_proba(frame_of(task.test))[:, 1]), str(search.best_estimator))
