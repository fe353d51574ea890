"""`baton ledger`: what was done, what is too old, and what others are to read."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import typer
from pydantic_core import to_json

from serving.ledger.audit import audit_entries, by_shell
from serving.ledger.ledger import open_ledger
from serving.ledger.retiring import retire
from serving.settings import load_settings

LEDGER: Final = typer.Typer(no_args_is_help=True, help="The ledger: audit, prune, export.")


@LEDGER.command("audit")
def audit(most: Annotated[int, typer.Option(min=1, help="How many entries, the newest.")] = 100) -> None:
    """List who made or revoked keys, erased leads, deleted old rows or exported the ledger."""
    with closing(open_ledger(load_settings())) as ledger, ledger.reading() as connection:
        entries = audit_entries(connection, most)
    for entry in entries:
        details = to_json(entry.details).decode()
        typer.echo(f"{entry.done_at:%Y-%m-%d %H:%M:%S}Z  {entry.action:15}  {entry.actor:20}  {details}")


@LEDGER.command("prune")
def prune() -> None:
    """Delete what is older than BATON_KEEP_DAYS and BATON_KEEP_INPUTS_DAYS say; a service does so hourly."""
    settings = load_settings()
    with closing(open_ledger(settings)) as ledger:
        gone = retire(ledger, settings, datetime.now(UTC), by_shell())
    for table, count in gone.items():
        typer.echo(f"{table}: {count:,} rows deleted")
    if not gone:
        typer.echo("nothing is old enough to be deleted")


@LEDGER.command("export")
def export(
    out: Annotated[Path, typer.Option(help="Folder for the Parquet files; earlier ones are replaced.")],
) -> None:
    """Write scores, hand-offs and feedback as Parquet, and the feedback as stage changes for training."""
    from serving.export import champions_agreement, export_ledger

    settings = load_settings()
    agreement = champions_agreement(settings.models)
    with closing(open_ledger(settings)) as ledger:
        exported = export_ledger(ledger, agreement, out, by_shell(), datetime.now(UTC))
    for name, count in exported.rows.items():
        typer.echo(f"{out / name}.parquet: {count:,} rows")
    for stage, count in exported.left_out.items():
        typer.echo(f"left out: {count:,} verdicts, for agreement {agreement.version} has no stage {stage}")
