"""`baton demo`: what `make run` shows: the sample CRM, the whole pipeline, a served score."""

from __future__ import annotations

from pipeline.commands.options import HERE, ProjectFolder
from pipeline.demo import run_demo
from pipeline.project import Project


def demo(project: ProjectFolder = HERE) -> None:
    """Build the sample CRM, run `dvc repro`, promote the model, serve it, and print a curl line that scores.

    Serves until interrupted. BATON_PORT changes the port.
    """
    run_demo(Project(project))
