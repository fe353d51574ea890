"""`baton serve`: start the scoring service."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.commands.doors import become_serving
from pipeline.commands.options import HERE, ProjectFolder
from pipeline.project import Project
from pipeline.serving_environment import serving_environment


def serve(
    port: Annotated[int | None, typer.Option(help="Port; BATON_PORT or 3000 without it.")] = None,
    host: Annotated[str | None, typer.Option(help="Address; the loopback without it.")] = None,
    project: ProjectFolder = HERE,
) -> None:
    """Serve the champion: POST /score, the pages, and the ledger of every score.

    Further settings are environment variables that begin with BATON_; docs/serving.md lists them.
    """
    given = {"BATON_PORT": port, "BATON_HOST": host}
    chosen = {name: str(value) for name, value in given.items() if value is not None}
    become_serving(["serve"], {**serving_environment(Project(project)), **chosen})
