"""`python -m serving`: start the server, pack it, and manage its keys and its ledger."""

from __future__ import annotations

from typing import Annotated, Final

import typer

from data_checks.errors import BatonError
from serving.commands.keys import KEYS
from serving.commands.ledger import LEDGER
from serving.commands.report import report
from serving.settings import load_settings

APP: Final = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
APP.add_typer(KEYS, name="keys")
APP.add_typer(LEDGER, name="ledger")
APP.command()(report)


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
