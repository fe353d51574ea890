"""Beta calibration: a curve that may bend differently for high scores and for low ones."""

from __future__ import annotations

from typing import Annotated, Literal, Self

import numpy as np
from pydantic import Field, model_validator
from typing_extensions import override

from models.calibration.form import Floats, Form, Number
from models.metrics import Labels


class Beta(Form):
    """Gives ``intercept + up * ln(p) - down * ln(1 - p)`` in log-odds, p being the raw probability.

    With ``up`` and ``down`` alike it is a straight line. Neither is below 0, and one is above: it rises.
    Source: Kull, Silva Filho and Flach, Beta calibration, 2017.
    """

    kind: Literal["beta"] = "beta"
    up: Annotated[Number, Field(ge=0)]
    down: Annotated[Number, Field(ge=0)]
    intercept: Number

    @model_validator(mode="after")
    def _rises(self) -> Self:
        if not self.up + self.down:
            raise ValueError("a calibration rises with the score: up or down is above 0")
        return self

    @override
    def log_odds(self, raw: Floats) -> Floats:
        return self.up * -_softplus(-raw) + self.down * _softplus(raw) + self.intercept


def fit_beta(raw: Floats, label: Labels, weight: Floats) -> Beta | None:
    """Fit by maximum likelihood; a side that would fall is fixed at 0, and None is returned if both would."""
    from sklearn.linear_model import LogisticRegression

    sides = np.column_stack([-_softplus(-raw), _softplus(raw)])
    found = np.zeros(2)
    for kept in ([0, 1], [0], [1]):
        model = LogisticRegression(C=np.inf, max_iter=1000).fit(sides[:, kept], label, sample_weight=weight)
        if (model.coef_[0] > 0).all():
            found[kept] = model.coef_[0]
            return Beta(up=float(found[0]), down=float(found[1]), intercept=float(model.intercept_[0]))
    return None


def _softplus(log_odds: Floats) -> Floats:
    """Return ``-ln(1 - p)``."""
    return np.asarray(np.maximum(log_odds, 0.0) + np.log1p(np.exp(-np.abs(log_odds))))
