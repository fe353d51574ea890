"""CatBoost as it comes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from benchmarks.model_quality.frames import frame_of
from benchmarks.model_quality.task import Answer, Task, Terms
from models.training_rows import TrainingRows

if TYPE_CHECKING:
    import pandas as pd


def catboost_default(task: Task, terms: Terms) -> Answer:
    """Grow 1,000 symmetric trees of depth 6, categories told."""
    from catboost import CatBoostClassifier

    model = CatBoostClassifier(
        random_seed=terms.seed, thread_count=terms.threads, verbose=False, allow_writing_files=False
    )
    train, categories = task.train, list(task.train.categorical)
    labels = train.label.astype(int)
    model.fit(_texts(train), labels, cat_features=categories, sample_weight=train.weight)
    return Answer(np.asarray(model.predict_proba(_texts(task.test))[:, 1]))


def _texts(rows: TrainingRows) -> pd.DataFrame:
    """Return the features with categories as texts, as CatBoost knows no missing category."""
    frame = frame_of(rows)
    return frame.assign(**{name: frame[name].astype("object").fillna("missing") for name in rows.categorical})
