"""A made-up company whose past is replayed: its rows, its months, and how it learns."""

from __future__ import annotations

from features.moments import DAY
from models.back_test.periods import Period, periods_of
from models.back_test.replay import Learner
from models.estimator import EstimatorSettings
from models.split import SplitSettings
from models.training_rows import TrainingRows

HORIZON_DAYS = 30
LEARNER = Learner(EstimatorSettings(threads=1, max_rounds=40), SplitSettings(folds=2), HORIZON_DAYS, 2)


def months_of(rows: TrainingRows, newest: int = 4) -> tuple[Period, ...]:
    """Return the newest months whose outcomes are all known when the last of all is."""
    kind, found = periods_of(rows.as_of, int(rows.as_of.max()) + HORIZON_DAYS * DAY, HORIZON_DAYS)
    assert kind == "month"
    return found[-newest:]
