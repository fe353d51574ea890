"""`baton keys`: the API keys of those who may ask."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Final

import typer

from data_checks.errors import BatonError
from serving.api_keys import SCOPES, Limits
from serving.key_store import (
    KeyEntry,
    create_key,
    ensure_demo_key,
    known_scopes,
    list_keys,
    revoke_key,
    rotate_key,
)
from serving.ledger.ledger import open_ledger
from serving.settings import load_settings

KEYS: Final = typer.Typer(no_args_is_help=True, help="API keys: make, list, rotate, revoke.")


@KEYS.command("create")
def create(  # noqa: PLR0913, PLR0917 - each is an option
    name: Annotated[str, typer.Option(help="Whose key it is, for the list.")],
    scope: Annotated[list[str], typer.Option(help=f"What it may do: {', '.join(SCOPES)}. Repeatable.")] = [  # noqa: B006
        "score",
        "read",
    ],
    if_missing: Annotated[
        bool, typer.Option("--if-missing", help="Keep the key in --write-to if it is still active.")
    ] = False,
    write_to: Annotated[
        Path | None, typer.Option(help="Write the key to this file (mode 600), not to the screen.")
    ] = None,
    per_minute: Annotated[
        int | None,
        typer.Option(
            min=1, help="Most it may ask a minute: leads to score, and other requests. Else BATON_PER_MINUTE."
        ),
    ] = None,
    most_leads: Annotated[
        int | None, typer.Option(min=1, help="Most leads in one request. Else BATON_MAX_LEADS.")
    ] = None,
) -> None:
    """Make a key and print it, this once: only its hash is kept."""
    if if_missing != (write_to is not None):
        raise BatonError("--if-missing and --write-to go together", "one of them", "give both or neither")
    limits = Limits(per_minute, most_leads)
    with closing(open_ledger(load_settings())) as ledger:
        if write_to is not None:
            ensure_demo_key(ledger, write_to, name, known_scopes(scope), limits)
            typer.echo(f"The key {name!r} is in {write_to}")
        else:
            typer.echo(create_key(ledger, name, known_scopes(scope), limits).text)


@KEYS.command("rotate")
def rotate(
    key_id: Annotated[str, typer.Argument(help="The id of the key to replace, from the list.")],
    grace: Annotated[
        float, typer.Option(min=0, help="Hours for which the old key still works beside the new one.")
    ] = 24.0,
) -> None:
    """Make a key with the name, scopes and limits of another, print it, and end the other after a grace."""
    with closing(open_ledger(load_settings())) as ledger:
        typer.echo(rotate_key(ledger, key_id, timedelta(hours=grace)).text)


@KEYS.command("revoke")
def revoke(key_id: Annotated[str, typer.Argument(help="The key's id, from the list.")]) -> None:
    """Revoke a key; running servers refuse it within a second or so."""
    with closing(open_ledger(load_settings())) as ledger:
        was_active = revoke_key(ledger, key_id)
    typer.echo(f"{key_id} is revoked" if was_active else f"{key_id} was revoked before")


@KEYS.command("list")
def list_all() -> None:
    """List all keys; secrets cannot be shown."""
    with closing(open_ledger(load_settings())) as ledger:
        entries = list_keys(ledger)
    typer.echo(
        "id            state    scopes                      created     ends                  per minute  "
        "most leads  name"
    )
    now = datetime.now(UTC)
    for entry in entries:
        typer.echo(_line(entry, now))


def _line(entry: KeyEntry, now: datetime) -> str:
    state = "active" if entry.is_active(now) else "revoked"
    ends = f"{entry.revoked_at:%Y-%m-%d %H:%M UTC}" if entry.revoked_at else "-"
    per_minute, most_leads = entry.limits.per_minute or "-", entry.limits.most_leads or "-"
    return (
        f"{entry.key_id}  {state:7}  {','.join(entry.scopes):26}  {entry.created_at:%Y-%m-%d}  {ends:20}  "
        f"{per_minute:>10}  {most_leads:>10}  {entry.name}"
    )
