"""`baton features`: the catalogue in words."""

from __future__ import annotations

import typer

from pipeline.commands.options import HERE, ProjectFolder
from pipeline.project import Project
from pipeline.training import read_features


def features(project: ProjectFolder = HERE) -> None:
    """List every feature of the project by family: its name and what it means."""
    family = ""
    for feature in read_features(Project(project)).features:
        if feature.family != family:
            family = feature.family
            typer.echo(f"\n{family}")
        typer.echo(f"  {feature.name:44} {feature.sentence}")
