"""`python -m serving`: start the server, pack it, and manage the keys of those who may ask it."""

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

APP: Final = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
KEYS: Final = typer.Typer(no_args_is_help=True, help="API keys: make, list, revoke.")
APP.add_typer(KEYS, name="keys")


def main() -> None:
    """Run the command line; what goes wrong is one sentence and exit code 1."""
    try:
        APP()
    except BatonError as error:
        typer.echo(f"Error: {error}", err=True)
        raise SystemExit(1) from None


@APP.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on; else BATON_HOST.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; else BATON_PORT.")] = None,
) -> None:
    """Start the server. It listens on loopback unless told otherwise, and stops on SIGTERM."""
    from serving.server import serve as start

    given = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    start(load_settings(**given))


@APP.command()
def bento() -> None:
    """Pack the serving code and the champion as a bento, which serves where no training is installed."""
    from serving.bento import build_bento

    typer.echo(build_bento(load_settings().models))


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
