"""`baton stage`: one stage of the pipeline, as `dvc repro` calls it."""

from __future__ import annotations

from importlib import import_module
from typing import Annotated, Literal

import typer

from pipeline.commands.options import HERE, ProjectFolder
from pipeline.project import Project

StageChoice = Literal[
    "agreement",
    "check",
    "audit",
    "features",
    "tune",
    "train",
    "evaluate",
    "bundle",
    "back_test",
    "hindsight",
    "card",
    "report",
    "pages",
]


def stage(
    name: Annotated[StageChoice, typer.Argument(help="Which stage.")], project: ProjectFolder = HERE
) -> None:
    """Run one stage of the pipeline; `dvc repro` calls it, and runs only what changed."""
    run = getattr(import_module(f"pipeline.stages.{name}"), f"run_{name}")
    run(Project(project))
