"""The report of a month, put together from the figures of the pages."""

from __future__ import annotations

from datetime import timedelta

from serving.figures.cycle import conversion_points
from serving.figures.file import Figures
from serving.figures.months import Month
from serving.figures.promises import Promises, missed_hot_leads, promises
from serving.pages.cycle_chart import cycle_chart
from serving.pages.writing import percent
from serving.report.document import Document, Page, Section, Verdict
from serving.routes.window.month import contact_table, cycle_table, missed_table, sent_back_table

MOST_MISSED = 6
"""Hot leads on the first page; the annex has all."""


def monthly_report(figures: Figures, month: Month) -> Document:
    """Return the report of a month."""
    running = month.ends - figures.now > timedelta(days=1)
    return Document(
        title=f"Leads in {month.name}",
        subtitle="What marketing and sales promised each other, and what came of it."
        + (" The month is still under way." if running else ""),
        until=figures.now,
        agreement_version=figures.agreement.version,
        pages=(_kept(figures, month), _annex(figures, month)),
    )


def verdicts(kept: Promises) -> tuple[Verdict, ...]:
    """Return the promises of both sides as figures of one line."""
    delivered = None if kept.promised is None else kept.delivered >= kept.promised
    promised = "" if kept.promised is None else f" of {kept.promised:,} promised"
    share = kept.worked.share
    worked = None if share is None or kept.promised_share is None else share >= kept.promised_share
    wanted = "" if kept.promised_share is None else f"; {percent(kept.promised_share)} promised"
    met = kept.in_time
    return (
        Verdict("Marketing", f"{kept.delivered:,}", f"{kept.target.upper()}s{promised}", delivered),
        Verdict(
            "Sales",
            _share(share),
            f"of hand-offs worked ({kept.worked.won:,} of {kept.worked.of:,}){wanted}",
            worked,
        ),
        Verdict("First contact", _share(met.share), f"in time ({met.won:,} of {met.of:,})", None),
    )


def _kept(figures: Figures, month: Month) -> Page:
    points, former = conversion_points(figures, month), conversion_points(figures, month.before)
    kept, missed = promises(figures, month), missed_hot_leads(figures, month)
    return Page(
        "Who kept the agreement",
        (
            Section("Promises", verdicts=verdicts(kept), tables=(contact_table(kept.contacts),)),
            Section(
                "From inquiry to won",
                chart=cycle_chart(points, former, month),
                tables=(cycle_table(points, former),),
            ),
            Section(
                "Hot leads that nobody called in time",
                tables=(missed_table(missed[:MOST_MISSED]),) if missed else (),
                sentences=() if missed else ("None. Every hot lead was called.",),
            ),
        ),
    )


def _annex(figures: Figures, month: Month) -> Page:
    kept = promises(figures, month)
    return Page(
        "Annex",
        (
            Section("What sales sent back", tables=(sent_back_table(kept),)),
            Section("Hot leads missed", tables=(missed_table(missed_hot_leads(figures, month, 200)),)),
        ),
        kind="annex",
    )


def _share(share: float | None) -> str:
    return "\N{EN DASH}" if share is None else percent(share)
