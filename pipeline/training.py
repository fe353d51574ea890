"""Reading back what the stage features wrote."""

from __future__ import annotations

from features.feature_set import FeatureSet
from features.reference import Reference
from models.training_rows import TrainingRows
from pipeline.project import Project
from pipeline.store import read_json, read_rows


def read_features(project: Project) -> FeatureSet:
    """Return the project's feature set."""
    return FeatureSet.from_json(read_json(project.training / "features.json"))


def read_reference(project: Project) -> Reference:
    """Return the project's dated reference."""
    return Reference.from_json(read_json(project.training / "reference.json"))


def read_training_rows(project: Project) -> TrainingRows:
    """Return the project's training rows."""
    return read_rows(project.training / "rows.parquet", read_features(project).categorical)
