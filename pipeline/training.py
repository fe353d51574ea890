"""Reading back what the stage features wrote."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from data_checks.errors import BatonError
from features.feature_set import FeatureSet
from features.moments import parse_moment
from features.reference import Reference
from models.training_rows import TrainingRows
from models.tuning import Tuned
from models.young import Young
from pipeline.project import Project
from pipeline.store import read_json, read_rows

ROWS: Final = "rows"
"""The folder of the rows, mature and young, in parts that follow one another in order of lead and moment."""

LEAD_IDS: Final = "lead_ids"
"""The folder of the ids of all leads, in parts; a lead's number is its place among them."""


def read_features(project: Project) -> FeatureSet:
    """Return the project's feature set.

    Raises:
        BatonError: The stage features has not come to its end.
    """
    path = project.training / "features.json"
    if not path.exists():
        raise BatonError(
            "a project has features once the stage features has run", f"no {path}", "run `dvc repro features`"
        )
    return FeatureSet.from_json(read_json(path))


def read_reference(project: Project) -> Reference:
    """Return the project's dated reference."""
    return Reference.from_json(read_json(project.training / "reference.json"))


def read_training_rows(project: Project) -> TrainingRows:
    """Return the project's mature rows, with the directions that the catalogue declares."""
    return read_chosen_rows(project, read_features(project).names)


def read_young(project: Project) -> Young:
    """Return the project's rows whose horizon is not over, as what was known when its history was read."""
    now = parse_moment(read_json(project.training / "facts.json")["now"])
    return Young(_read(project, read_features(project).names, mature=False), now)


def read_chosen_rows(project: Project, names: Sequence[str]) -> TrainingRows:
    """Return the project's training rows with the features of some names only, which is quicker."""
    return _read(project, names, mature=True)


def _read(project: Project, names: Sequence[str], mature: bool) -> TrainingRows:
    features = read_features(project)
    categorical = tuple(name for name in features.categorical if name in names)
    rows = read_rows(sorted((project.training / ROWS).iterdir()), tuple(names), categorical, mature)
    return replace(rows, monotone={name: way for name, way in features.monotone.items() if name in names})


def read_tuned(project: Project) -> Tuned:
    """Return the settings to train with, and how they were found.

    Raises:
        BatonError: The stage tune has not come to its end.
    """
    if not project.tuned.exists():
        rule = "a model is trained with what the stage tune settled"
        hint = "run `dvc repro`; into a dvc.yaml without a stage tune, copy it from Baton's"
        raise BatonError(rule, f"no {project.tuned}", hint)
    return Tuned.from_json(read_json(project.tuned))


def read_lead_ids(project: Project, leads: NDArray[np.int64]) -> list[str]:
    """Return the ids of leads from their numbers in the training rows."""
    import pyarrow.parquet as pq

    paths = [str(path) for path in sorted((project.training / LEAD_IDS).iterdir())]
    known: list[str] = pq.read_table(paths, partitioning=None)["lead_id"].take(leads).to_pylist()
    return known
