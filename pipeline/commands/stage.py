"""`baton stage`: what dvc.yaml calls."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from pipeline.commands.options import HERE, ProjectFolder
from pipeline.project import Project

StageChoice = Literal[
    "agreement", "check", "audit", "features", "train", "evaluate", "bundle", "card", "report"
]


def stage(
    name: Annotated[StageChoice, typer.Argument(help="Which stage.")], project: ProjectFolder = HERE
) -> None:
    """Run one stage of the pipeline; `dvc repro` calls it, and runs only what changed."""
    place = Project(project)
    if name == "agreement":
        from pipeline.stages.agreement import run_agreement as run
    elif name == "check":
        from pipeline.stages.check import run_check as run
    elif name == "audit":
        from pipeline.stages.audit import run_audit as run
    elif name == "features":
        from pipeline.stages.features import run_features as run
    elif name == "train":
        from pipeline.stages.train import run_train as run
    elif name == "evaluate":
        from pipeline.stages.evaluate import run_evaluate as run
    elif name == "bundle":
        from pipeline.stages.bundle import run_bundle as run
    elif name == "card":
        from pipeline.stages.card import run_card as run
    else:
        from pipeline.stages.report import run_report as run
    run(place)
