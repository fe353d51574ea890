"""`baton sample-crm`: write the embedded sample CRM."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def sample_crm(
    out: Annotated[Path, typer.Option(help="Folder to write the tables into.")] = Path("data/sample"),
    leads: Annotated[int, typer.Option(min=1, help="How many leads.")] = 20_000,
    seed: Annotated[int, typer.Option(help="The same seed gives the same tables, bit by bit.")] = 7,
) -> None:
    """Write a made-up CRM in which the best possible score of every lead is known."""
    from pipeline.sample_crm.writing import write_sample_crm

    write_sample_crm(out, leads=leads, seed=seed)
    typer.echo(f"{leads:,} leads written to {out}")
