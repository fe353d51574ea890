"""`baton models`, `promote` and `rollback`: who is served, since when, and why."""

from __future__ import annotations

import getpass
from typing import Annotated

import typer

from pipeline.commands.options import HERE, ProjectFolder
from pipeline.project import Project

Reason = Annotated[str, typer.Option(help="Why, for the record.")]


def models(project: ProjectFolder = HERE) -> None:
    """List every promotion: version, when, by whom, why; the last one is served."""
    from models.shelf import Shelf

    shelf = Shelf(Project(project).served)
    champion = shelf.champion()
    for past in shelf.history():
        typer.echo(f"{past.at:%Y-%m-%d %H:%M}  version {past.version:>4}  by {past.by}: {past.reason}")
    typer.echo(
        f"champion: version {champion[0]}" if champion else "no champion yet: `baton promote` makes one"
    )


def promote(
    reason: Annotated[
        str | None, typer.Option(help="Why a model that did not pass is served all the same.")
    ] = None,
    project: ProjectFolder = HERE,
) -> None:
    """Serve the project's bundle, if no baseline beats it on the forward test.

    A refusal says why. With --reason a person overrules it, and the reason is kept.
    """
    from pipeline.promotion import promote_bundle

    typer.echo(promote_bundle(Project(project), getpass.getuser(), reason))


def rollback(reason: Reason = "rolled back", project: ProjectFolder = HERE) -> None:
    """Serve again the model that was served before, at once."""
    from models.shelf import Shelf

    back = Shelf(Project(project).served).rollback(getpass.getuser(), reason)
    typer.echo(f"version {back.version} is served again ({back.reason})")
