"""The trained model's effects on rows of features, for the stages that explain it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.contributions import contributions_of
from models.effect_table import Explain
from models.explanation import effects
from pipeline.project import Project
from pipeline.store import read_json


def read_explain(project: Project) -> Explain:
    """Return a function that gives the effects of rows of features on the project's model."""
    import lightgbm

    learned = read_json(project.model / "learned.json")
    booster = lightgbm.Booster(model_file=project.model / "model.txt")

    def explain(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
        contributions = contributions_of(booster, matrix, project.params.train.threads)
        return effects(contributions, learned["slope"], learned["intercept"])

    return explain
