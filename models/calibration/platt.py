"""Platt scaling: a straight line in log-odds."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from pydantic import Field
from typing_extensions import override

from models.calibration.form import Floats, Form, Number
from models.metrics import Labels


class Platt(Form):
    """Multiplies the score by ``slope`` and adds ``intercept``.

    Source: Platt, Probabilistic outputs for support vector machines, 1999.
    """

    kind: Literal["platt"] = "platt"
    slope: Annotated[Number, Field(gt=0)]
    intercept: Number

    @override
    def log_odds(self, raw: Floats) -> Floats:
        return self.slope * raw + self.intercept


def fit_platt(raw: Floats, label: Labels, weight: Floats) -> Platt | None:
    """Fit by maximum likelihood; None if the line would turn the ranking round."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=np.inf).fit(raw[:, np.newaxis], label, sample_weight=weight)
    slope, intercept = float(model.coef_[0, 0]), float(model.intercept_[0])
    return Platt(slope=slope, intercept=intercept) if slope > 0 else None
