"""`baton ledger`: the record of what the scoring service answered, and what sales said."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.commands.doors import become_serving
from pipeline.commands.options import HERE, ProjectFolder
from pipeline.project import Project
from pipeline.serving_environment import serving_environment


def ledger(
    words: Annotated[list[str] | None, typer.Argument(help="audit, prune or export, and options.")] = None,
    project: ProjectFolder = HERE,
) -> None:
    """Audit, prune and export the ledger; `baton ledger export --help` and the like say more."""
    become_serving(["ledger", *(words or ["--help"])], serving_environment(Project(project)))
