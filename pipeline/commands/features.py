"""`baton features`: the catalogue in words, and what a lead's values came from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from pipeline.commands.moments import moment_of
from pipeline.commands.options import HERE, ProjectFolder
from pipeline.project import Project

features_app = typer.Typer(
    invoke_without_command=True, help="List the features, or trace a lead's values to its records."
)


@features_app.callback()
def features(context: typer.Context, project: ProjectFolder = HERE) -> None:
    """List every feature of the project by family: its name and what it means."""
    from pipeline.training import read_features

    if context.invoked_subcommand:
        return
    family = ""
    for feature in read_features(Project(project)).features:
        if feature.family != family:
            family = feature.family
            typer.echo(f"\n{family}")
        typer.echo(f"  {feature.name:44} {feature.sentence}")


@features_app.command()
def trace(
    lead: Annotated[str, typer.Argument(help="Id of the lead.")],
    as_of: Annotated[
        str | None, typer.Option(help="Moment to look at it, ISO 8601; else that of the last check.")
    ] = None,
    feature: Annotated[list[str] | None, typer.Option(help="Show only this one; may be repeated.")] = None,
    records: Annotated[int, typer.Option(min=0, help="So many records of each value, the newest.")] = 3,
    out: Annotated[Path | None, typer.Option(help="JSON file to write, with every record.")] = None,
    project: ProjectFolder = HERE,
) -> None:
    """Show each value of a lead with the very records it came from and when each became known."""
    from pipeline.checked_tables import CheckedTables
    from pipeline.traced_lead import json_of, lines_of, only, traced_lead

    place = Project(project)
    moment = moment_of(as_of) if as_of else CheckedTables(place.tables).now
    traced = only(traced_lead(place, lead, moment), feature)
    if out:
        out.write_text(json.dumps(json_of(traced), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        typer.echo(f"{len(traced)} values with all their records are in {out}.")
        return
    for line in lines_of(traced, records):
        typer.echo(line)
