"""The LightGBM model: small, well regularised, the same to the last bit for the same seed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from models.split import Fold
from models.training_rows import TrainingRows

if TYPE_CHECKING:
    from lightgbm import Booster, Dataset


class EstimatorSettings(BaseModel):
    """The section ``train`` of params.yaml; the names are LightGBM's own.

    Small trees won on every public lead data set we tried, so 4 to 8 leaves are the place to begin.
    ``max_rounds`` bounds the search for the number of rounds; ``rounds`` fixes it instead.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    seed: int = 7
    threads: int = Field(default=2, ge=1)
    learning_rate: float = Field(default=0.05, gt=0)
    num_leaves: int = Field(default=8, ge=2)
    min_data_in_leaf: int = Field(default=40, ge=1)
    lambda_l2: float = Field(default=10.0, ge=0)
    feature_fraction: float = Field(default=0.6, gt=0, le=1)
    bagging_fraction: float = Field(default=0.8, gt=0, le=1)
    cat_smooth: float = Field(default=20.0, ge=0)
    max_rounds: int = Field(default=600, ge=1)
    rounds: int | None = Field(default=None, ge=1)

    def to_lightgbm(self) -> dict[str, Any]:
        """Return LightGBM's parameters, those that make training repeatable included."""
        own = self.model_dump(exclude={"threads", "max_rounds", "rounds"})
        return own | {
            "objective": "binary",
            "num_threads": self.threads,
            "bagging_freq": 1,
            "max_cat_to_onehot": 8,
            "min_data_per_group": 50,
            "deterministic": True,
            "force_row_wise": True,
            "verbose": -1,
        }


def fit(rows: TrainingRows, settings: EstimatorSettings, rounds: int) -> Booster:
    """Train so many rounds on all rows; nothing is held back and nothing stops early."""
    import lightgbm

    return lightgbm.train(settings.to_lightgbm(), _dataset(rows), num_boost_round=rounds)


def best_rounds(rows: TrainingRows, folds: Sequence[Fold], settings: EstimatorSettings) -> int | None:
    """Return the number of rounds with the least log-loss over all folds together.

    None if no fold has both outcomes on both sides.
    """
    curves = [
        (_log_loss_curve(rows[fold.train], rows[fold.judged], settings), rows.weight[fold.judged].sum())
        for fold in folds
        if rows[fold.train].has_both_outcomes and rows[fold.judged].has_both_outcomes
    ]
    if not curves:
        return None
    total = sum(curve * weight for curve, weight in curves)
    return int(np.argmin(total)) + 1


def _log_loss_curve(
    train: TrainingRows, judged: TrainingRows, settings: EstimatorSettings
) -> NDArray[np.float64]:
    import lightgbm

    curve: dict[str, Any] = {}
    data = _dataset(train)
    lightgbm.train(
        settings.to_lightgbm() | {"metric": "binary_logloss"},
        data,
        num_boost_round=settings.max_rounds,
        valid_sets=[_dataset(judged, data)],
        callbacks=[lightgbm.record_evaluation(curve)],
    )
    return np.array(curve["valid_0"]["binary_logloss"])


def _dataset(rows: TrainingRows, reference: Dataset | None = None) -> Dataset:
    import lightgbm

    return lightgbm.Dataset(
        rows.matrix,
        label=rows.label.astype(np.float64),
        weight=rows.weight,
        feature_name=list(rows.names),
        categorical_feature=list(rows.categorical),
        reference=reference,
        free_raw_data=False,
    )
