"""`baton stage`: one stage of the pipeline, as `dvc repro` calls it."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.commands.options import HERE, ProjectFolder
from pipeline.project import Project
from pipeline.stages.by_name import StageName, run_stage


def stage(
    name: Annotated[StageName, typer.Argument(help="Which stage.")], project: ProjectFolder = HERE
) -> None:
    """Run one stage of the pipeline; `dvc repro` calls it, and runs only what changed."""
    run_stage(name, Project(project))
