"""LightGBM as it comes."""

from __future__ import annotations

import numpy as np

from benchmarks.model_quality.task import Answer, Task, Terms


def lightgbm_default(task: Task, terms: Terms) -> Answer:
    """Grow 100 trees of 31 leaves, categories told."""
    from lightgbm import LGBMClassifier

    model = LGBMClassifier(random_state=terms.seed, n_jobs=terms.threads, verbose=-1)
    train, columns = task.train, [task.train.names.index(name) for name in task.train.categorical]
    model.fit(train.matrix, train.label, sample_weight=train.weight, categorical_feature=columns)
    return Answer(np.asarray(model.booster_.predict(task.test.matrix)))
