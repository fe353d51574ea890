"""Small projects that have gone as far as a bundle, and further."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from click.testing import Result
from typer.testing import CliRunner

from checked_project import checked_project
from models.tracking import Tracking
from pipeline.cli import cli
from pipeline.project import Project
from pipeline.stages.audit import run_audit
from pipeline.stages.bundle import run_bundle
from pipeline.stages.evaluate import run_evaluate
from pipeline.stages.features import run_features
from pipeline.stages.train import run_train
from pipeline.stages.tune import run_tune


def with_params(folder: Path, **sections: dict[str, Any]) -> Project:
    """Change some of the project's params, and return it as the next command finds it."""
    path = folder / "params.yaml"
    params = yaml.safe_load(path.read_text(encoding="utf-8"))
    for name, settings in sections.items():
        params[name] |= settings
    path.write_text(yaml.safe_dump(params), encoding="utf-8")
    return Project(folder)


def train_in(folder: Path) -> Project:
    """Run the stages from the features to the bundle."""
    for stage in (run_features, run_tune, run_train, run_evaluate, run_bundle):
        stage(Project(folder))
    return Project(folder)


def trained_project(folder: Path, rounds: int = 30) -> Project:
    """Make a project with checked tables and a bundle trained on them."""
    checked_project(folder, workers=1)
    train = {"rounds": rounds, "threads": 1, "rung": "trees"}
    project = with_params(folder, train=train, data={"source": "data"})
    run_audit(project)
    return train_in(folder)


def baton(project: Project, *words: str) -> Result:
    """Run a command of `baton` in the project."""
    return CliRunner().invoke(cli, [*words, "--project", str(project.root)])


def registry(project: Project) -> Tracking:
    """Return the project's own MLflow store."""
    return Tracking(project.tracking)


def shelf_of(project: Project) -> dict[str, bytes]:
    """Return every file of the shelf."""
    return {str(path): path.read_bytes() for path in sorted(project.served.rglob("*")) if path.is_file()}
