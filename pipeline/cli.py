"""The console command `baton`."""

from __future__ import annotations

import os
import sys

import typer

from data_checks.errors import BatonError
from pipeline.commands.agreement import agreement_app
from pipeline.commands.bento import bento
from pipeline.commands.check import check
from pipeline.commands.demo import demo
from pipeline.commands.features import features_app
from pipeline.commands.keys import keys
from pipeline.commands.ledger import ledger
from pipeline.commands.new import new
from pipeline.commands.registry import challenge, models, promote, rollback
from pipeline.commands.report import report
from pipeline.commands.sample_crm import sample_crm
from pipeline.commands.score import score
from pipeline.commands.serve import serve
from pipeline.commands.stage import stage

cli = typer.Typer(
    help="Decide which leads marketing hands to sales, and prove that it was decided well.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
cli.command()(check)
cli.command()(score)
cli.command()(models)
cli.command()(promote)
cli.command()(rollback)
cli.command()(challenge)
cli.add_typer(agreement_app, name="agreement")
cli.add_typer(features_app, name="features")
cli.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})(serve)
cli.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})(keys)
cli.command()(bento)
cli.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})(ledger)
cli.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})(report)
cli.command(name="sample-crm")(sample_crm)
cli.command()(new)
cli.command()(demo)
cli.command()(stage)


def app() -> None:
    """Run the command line; an error that a person can act on is one paragraph, not a trace."""
    # On busy cores LightGBM's threads would otherwise burn more time waiting than working.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    try:
        cli()
    except BatonError as error:
        sys.stderr.write(f"baton: {error}\n")
        raise SystemExit(1) from None
