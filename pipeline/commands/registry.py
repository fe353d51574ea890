"""`baton models`, `promote`, `rollback` and `challenge`: who is served, since when, and why."""

from __future__ import annotations

import getpass
from typing import Annotated

import typer

from data_checks.errors import BatonError
from pipeline.commands.options import HERE, ProjectFolder
from pipeline.project import Project

Reason = Annotated[str, typer.Option(help="Why, for the record.")]


def models(project: ProjectFolder = HERE) -> None:
    """List every promotion: version, when, by whom, why, agreement and data; the last one is served.

    The challenger, if there is one, is named below.
    """
    from models.shelf import Shelf

    shelf = Shelf(Project(project).served)
    champion = shelf.champion()
    for past in shelf.history():
        typer.echo(f"{past.at:%Y-%m-%d %H:%M}  version {past.version:>4}  by {past.by}: {past.reason}")
        origin = f"agreement {past.agreement_version or 'unknown'}, data {past.data_hash[:12] or 'unknown'}"
        typer.echo(f"                  {origin}, bundle {past.bundle_hash[:12]}")
        for objection in past.overruled:
            typer.echo(f"                  overruled: {objection}")
    typer.echo(
        f"champion: version {champion[0]}" if champion else "no champion yet: `baton promote` makes one"
    )
    if (now := shelf.challenger()) is not None:
        typer.echo(
            f"challenger: version {now.version} since {now.at:%Y-%m-%d %H:%M}, by {now.by}: {now.reason}"
        )
        for objection in now.overruled:
            typer.echo(f"                  the gate objects: {objection}")


def challenge(
    reason: Reason = "to be compared with the champion",
    end: Annotated[bool, typer.Option("--end", help="Let the champion score alone again.")] = False,
    project: ProjectFolder = HERE,
) -> None:
    """Let the project's bundle score beside the champion, so that both can be compared on the same leads.

    Every lead is answered by the champion; what the challenger says of it is kept in the ledger. A service
    with BATON_CANARY_SHARE lets it answer for that share of leads, unless the gate objects to it. --end ends
    it, and so does `baton promote` of the same bundle.
    """
    from pipeline.challenge import challenge_with_bundle, end_challenge

    place = Project(project)
    typer.echo(end_challenge(place) if end else challenge_with_bundle(place, getpass.getuser(), reason))


def promote(
    reason: Annotated[
        str | None, typer.Option(help="Why a model that did not pass is served all the same.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what the gate says; exit code 1 if it objects.")
    ] = False,
    project: ProjectFolder = HERE,
) -> None:
    """Serve the project's bundle, if the gate has no objection.

    It is judged on later leads against the baselines and the served model, as a whole, by kinds of leads and
    by stretches of time; reports/gate.json has every figure. A refusal says why. With --reason a person
    overrules it, and the reason is kept with the objections.
    """
    from pipeline.promotion import gate_says, promote_bundle

    if not dry_run:
        typer.echo(promote_bundle(Project(project), getpass.getuser(), reason))
        return
    passes, said = gate_says(Project(project))
    typer.echo(said)
    raise typer.Exit(0 if passes else 1)


def rollback(reason: Reason = "rolled back", project: ProjectFolder = HERE) -> None:
    """Serve again the model that was served before, at once; MLflow follows if it answers."""
    from pipeline.rollback import let_registry_follow, roll_back

    place = Project(project)
    back = roll_back(place, getpass.getuser(), reason)
    typer.echo(f"version {back.version} is served again ({back.reason})")
    try:
        let_registry_follow(place, back.version)
    except BatonError as fault:
        typer.echo(
            f"MLflow's alias did not follow, which changes nothing of what is served: {fault}", err=True
        )
