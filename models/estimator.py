"""The trees, by LightGBM: small, well regularised, the same to the last bit for the same seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from models.lesson import Lesson
from models.model import Rung
from models.split import Fold
from models.training_rows import TrainingRows

if TYPE_CHECKING:
    from lightgbm import Booster, Dataset


AS_GOOD: Final = 0.0003
"""A log-loss that is higher by no more, in nats a look, is as good: a third of what chance moves it on 20,000
leads, and on their sample CRM a third fewer trees to learn, to ask and to explain."""

PATIENCE: Final = 80
"""A fold that has not improved for so many rounds is not grown further; its curve stays level."""


class EstimatorSettings(BaseModel):
    """The section ``train`` of params.yaml; the names are LightGBM's own.

    Small trees won on every public lead data set we tried, so 4 to 8 leaves are the place to begin.
    ``max_rounds`` bounds the search for the number of rounds; ``rounds`` fixes it instead. Without
    ``min_data_in_leaf`` a leaf holds at least a 250th of the rows, but no fewer than 20 and no more
    than 200. ``rung`` fixes the rung of the ladder, which forward folds choose otherwise.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    seed: int = 7
    threads: int = Field(default=2, ge=1)
    learning_rate: float = Field(default=0.1, gt=0)
    num_leaves: int = Field(default=8, ge=2)
    min_data_in_leaf: int | None = Field(default=None, ge=1)
    lambda_l2: float = Field(default=20.0, ge=0)
    feature_fraction: float = Field(default=0.3, gt=0, le=1)
    bagging_fraction: float = Field(default=0.8, gt=0, le=1)
    cat_smooth: float = Field(default=20.0, ge=0)
    max_cat_to_onehot: int = Field(default=64, ge=1)
    max_rounds: int = Field(default=600, ge=1)
    rounds: int | None = Field(default=None, ge=1)
    rung: Rung | None = None

    def to_lightgbm(self, lesson: Lesson) -> dict[str, Any]:
        """Return LightGBM's parameters for a lesson, those that make training repeatable included.

        The objective is the log-loss, as ``binary`` is, but takes labels between 0 and 1.
        """
        own = self.model_dump(exclude={"threads", "max_rounds", "rounds", "rung"})
        return own | {
            "objective": "cross_entropy",
            "num_threads": self.threads,
            "min_data_in_leaf": self.min_data_in_leaf or min(max(len(lesson) // 250, 20), 200),
            "bagging_freq": 1,
            "min_data_per_group": 50,
            "deterministic": True,
            "force_row_wise": True,
            "verbose": -1,
            **_directions(lesson),
        }


def _directions(lesson: Lesson) -> dict[str, Any]:
    """Return the constraints on declared directions, or nothing at all where none is declared."""
    if not lesson.monotone:
        return {}
    return {
        "monotone_constraints": [lesson.monotone.get(name, 0) for name in lesson.names],
        "monotone_constraints_method": "basic",
    }


def fit(lesson: Lesson, settings: EstimatorSettings, rounds: int) -> Booster:
    """Train so many rounds on a whole lesson; nothing is held back and nothing stops early."""
    import lightgbm

    return lightgbm.train(settings.to_lightgbm(lesson), _dataset(lesson), num_boost_round=rounds)


@dataclass(frozen=True)
class Grown:
    """A model of a fold's lesson, and its log-loss on the later side after each round."""

    fold: Fold
    booster: Booster
    curve: NDArray[np.float64]

    def raw(self, rows: TrainingRows, rounds: int) -> NDArray[np.float64]:
        """Return the scores in log-odds that so many of its trees give the rows it was judged by."""
        scores = self.booster.predict(rows.matrix[self.fold.judged], raw_score=True, num_iteration=rounds)
        return np.asarray(scores)


def grow(lesson: Lesson, rows: TrainingRows, fold: Fold, settings: EstimatorSettings) -> Grown:
    """Grow a model of a fold's lesson as long as it improves on the rows that the fold is judged by.

    ``curve`` is level from then on.
    """
    import lightgbm

    seen: dict[str, Any] = {}
    data = _dataset(lesson)
    watch = [lightgbm.record_evaluation(seen)]
    if not settings.rounds:
        watch.append(lightgbm.early_stopping(PATIENCE, verbose=False))
    booster = lightgbm.train(
        settings.to_lightgbm(lesson) | {"metric": "binary_logloss"},
        data,
        num_boost_round=settings.rounds or settings.max_rounds,
        valid_sets=[_dataset(Lesson.of(rows[fold.judged]), data)],
        callbacks=watch,
    )
    curve = np.array(seen["valid_0"]["binary_logloss"])
    return Grown(fold, booster, np.pad(curve, (0, max(settings.max_rounds - len(curve), 0)), mode="edge"))


def best_rounds(rows: TrainingRows, grown: Sequence[Grown]) -> int:
    """Return the fewest rounds that are as good as the best, by `AS_GOOD`, over all folds together."""
    total = sum(one.curve * rows.weight[one.fold.judged].sum() for one in grown)
    enough = total.min() + AS_GOOD * sum(rows.weight[one.fold.judged].sum() for one in grown)
    return int(np.flatnonzero(total <= enough)[0]) + 1


def _dataset(lesson: Lesson, reference: Dataset | None = None) -> Dataset:
    import lightgbm

    return lightgbm.Dataset(
        lesson.matrix,
        label=lesson.label,
        weight=lesson.weight,
        feature_name=list(lesson.names),
        categorical_feature=list(lesson.categorical),
        reference=reference,
        free_raw_data=False,
    )
