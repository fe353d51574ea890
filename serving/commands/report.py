"""`baton report`: the report for the monthly meeting of marketing and sales."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from data_checks.errors import BatonError
from serving.figures.erased import ErasedLeads
from serving.figures.file import Figures, NoFiguresError, open_figures
from serving.figures.months import Month
from serving.figures.own_handoffs import OwnHandoffs, own_handoffs
from serving.ledger.handoffs_between import handoffs_between
from serving.ledger.ledger import open_ledger
from serving.settings import load_settings


def report(
    month: Annotated[
        str | None, typer.Option(help="The month, like 2026-10; else the newest of the history.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="The HTML file; else reports/meeting-MONTH.html. Beside it: the PDF."),
    ] = None,
    pdf: Annotated[bool, typer.Option(help="Whether to write a PDF too.")] = True,
) -> None:
    """Write the report of a month: one HTML file that needs nothing else, and a PDF."""
    from serving.report.as_html import as_html
    from serving.report.as_pdf import as_pdf
    from serving.report.composing import monthly_report

    path = load_settings().pages
    if not path.exists():
        raise NoFiguresError(
            "a report is made from the file of stage `pages`", f"no {path}", "run `dvc repro`"
        )
    figures = open_figures(path)
    asked = Month.of(figures.now) if month is None else Month.parse(month)
    if asked is None:
        raise BatonError("a month is written like 2026-10", repr(month), "give --month 2026-10")
    document = monthly_report(figures, asked, *_from_ledger(figures, asked))
    place = out or Path("reports") / f"meeting-{asked}.html"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(as_html(document), encoding="utf-8")
    typer.echo(f"The report of {asked.name} is in {place}")
    if pdf:
        beside = place.with_suffix(".pdf")
        beside.write_bytes(as_pdf(document))
        typer.echo(f"and in {beside}")


def _from_ledger(figures: Figures, month: Month) -> tuple[tuple[str, ...], OwnHandoffs]:
    """Return what the ledger alone knows: leads erased since the figures were made, and Baton's hand-offs."""
    erased = ErasedLeads()
    with closing(open_ledger(load_settings())) as ledger:
        erased.learn(ledger)
        with ledger.reading() as connection:
            handed = handoffs_between(connection, month.begins, month.ends)
    return erased.among(figures), own_handoffs(figures.agreement, handed, datetime.now(UTC))
