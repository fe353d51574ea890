"""`baton keys`: API keys of the scoring service."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.commands.doors import become_serving
from pipeline.commands.options import HERE, ProjectFolder
from pipeline.project import Project
from pipeline.serving_environment import serving_environment


def keys(
    words: Annotated[list[str] | None, typer.Argument(help="create, list or revoke, and options.")] = None,
    project: ProjectFolder = HERE,
) -> None:
    """Create, list and revoke API keys; `baton keys create --help` and the like say more."""
    become_serving(["keys", *(words or ["--help"])], serving_environment(Project(project)))
