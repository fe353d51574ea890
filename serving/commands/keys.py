"""`baton keys`: the API keys of those who may ask."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Annotated, Final

import typer

from data_checks.errors import BatonError
from serving.api_keys import SCOPES
from serving.key_store import create_key, ensure_demo_key, known_scopes, list_keys, revoke_key
from serving.ledger.ledger import open_ledger
from serving.settings import load_settings

KEYS: Final = typer.Typer(no_args_is_help=True, help="API keys: make, list, revoke.")


@KEYS.command("create")
def create(
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
) -> None:
    """Make a key and print it, this once: only its hash is kept."""
    if if_missing != (write_to is not None):
        raise BatonError("--if-missing and --write-to go together", "one of them", "give both or neither")
    with closing(open_ledger(load_settings())) as ledger:
        if write_to is not None:
            ensure_demo_key(ledger, write_to, name, known_scopes(scope))
            typer.echo(f"The key {name!r} is in {write_to}")
        else:
            typer.echo(create_key(ledger, name, known_scopes(scope)).text)


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
    typer.echo("id            state    scopes                      created     name")
    for entry in entries:
        state = "revoked" if entry.revoked_at else "active"
        scopes = ",".join(entry.scopes)
        typer.echo(f"{entry.key_id}  {state:7}  {scopes:26}  {entry.created_at:%Y-%m-%d}  {entry.name}")
