"""`baton new`: begin a project of one's own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.new_project import EXAMPLES, make_project


def new(
    folder: Annotated[Path, typer.Argument(help="Folder to make.")],
    example: Annotated[
        str | None, typer.Option(help=f"Begin with the files of an example: {', '.join(EXAMPLES)}.")
    ] = None,
    data: Annotated[Path | None, typer.Option(help="Folder with the CRM's tables.")] = None,
) -> None:
    """Make a project: agreement.yaml to sign, params.yaml, dvc.yaml, and a folder for mappings.

    Then `cd` there, `dvc repro`, and `baton promote`.
    """
    made = make_project(folder, example, data)
    typer.echo(f"A project is in {made}. Next: cd {made}, edit agreement.yaml, then `dvc repro`.")
