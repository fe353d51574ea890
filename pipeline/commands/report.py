"""`baton report`: the report for the monthly meeting."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.commands.doors import become_serving
from pipeline.commands.options import HERE, ProjectFolder
from pipeline.project import Project
from pipeline.serving_environment import serving_environment


def report(
    words: Annotated[list[str] | None, typer.Argument(help="--month 2026-10, and options.")] = None,
    project: ProjectFolder = HERE,
) -> None:
    """Write the report for the monthly meeting; `baton report -- --help` says more."""
    become_serving(["report", *(words or [])], serving_environment(Project(project)))
