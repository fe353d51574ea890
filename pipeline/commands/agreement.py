"""`baton agreement`: the agreement in plain words, validated, and what changed between two versions."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from data_checks.agreement import load_agreement
from data_checks.amendments import amendments
from data_checks.plain_words import in_plain_words

agreement_app = typer.Typer(no_args_is_help=True, help="Show, validate or compare agreements.")
AgreementFile = Annotated[Path, typer.Argument(help="An agreement.yaml.")]
OWN = Path("agreement.yaml")


@agreement_app.command()
def show(path: AgreementFile = OWN) -> None:
    """Say in plain words what was agreed."""
    for line in in_plain_words(load_agreement(path)):
        typer.echo(line)


@agreement_app.command()
def validate(path: AgreementFile = OWN) -> None:
    """Check the file; each fault is named with its place, its value and the next step."""
    agreement = load_agreement(path)
    typer.echo(f"{path} is a valid agreement, version {agreement.version}")


@agreement_app.command()
def diff(
    earlier: Annotated[Path, typer.Argument(help="The agreement as it was.")], later: AgreementFile = OWN
) -> None:
    """Say in words what changed between two versions."""
    changes = amendments(load_agreement(earlier), load_agreement(later))
    for line in changes or ["nothing changed"]:
        typer.echo(line)
