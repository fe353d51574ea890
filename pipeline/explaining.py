"""The trained model's effects on rows of features, for the stages that explain it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.calibration.kinds import calibration_from_json
from models.effect_table import Explain
from models.explanation import effects
from models.model import Model
from pipeline.project import Project
from pipeline.store import read_json


def read_explain(project: Project) -> Explain:
    """Return a function that gives the effects of rows of features on the project's model."""
    calibration = calibration_from_json(read_json(project.model / "learned.json")["calibration"])
    model = Model.from_json(read_json(project.model / "model.json"))

    def explain(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
        contributions = model.contributions(matrix, project.params.train.threads)
        return effects(contributions, calibration)

    return explain
