"""The report of a month, put together from the figures of the pages."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from functools import partial

from serving.figures.cycle import conversion_points
from serving.figures.file import Figures
from serving.figures.months import Month
from serving.figures.own_handoffs import OwnHandoffs
from serving.figures.promises import Missed, Promises, missed_hot_leads, promises
from serving.pages.cycle_chart import cycle_chart
from serving.pages.writing import moment, percent, written
from serving.report.aims import aims
from serving.report.document import Document, Page, Section, Verdict
from serving.routes.window.month import contact_table, cycle_table, missed_table, sent_back_table
from serving.routes.window.own_tables import own_table, returned_table

MOST_MISSED = 6
"""Hot leads on the first page."""

MOST_LISTED = 200
"""Hot leads in the annex."""


def monthly_report(
    figures: Figures, month: Month, hidden: Collection[str] = (), own: OwnHandoffs | None = None
) -> Document:
    """Return the report of a month.

    ``hidden`` are leads that were erased, and are not named; ``own`` is what Baton handed over in the month.
    """
    whole = partial(
        Document,
        title=f"Leads in {month.name}",
        until=figures.now,
        agreement_version=figures.agreement.version,
    )
    if month.is_beyond(figures.now):
        only = Page("What Baton handed over", _handed_over(own))
        return whole(subtitle="The CRM's history ends before this month.", pages=(only,))
    running = month.ends - figures.now > timedelta(days=1)
    kept, missed = promises(figures, month), missed_hot_leads(figures, month, hidden, MOST_LISTED)
    return whole(
        subtitle="What marketing and sales promised each other, and what came of it."
        + (" The month is still under way." if running else ""),
        pages=(_kept(figures, month, kept, missed), aims(figures), _annex(kept, missed, own)),
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
            written(share, "share"),
            f"of hand-offs worked ({kept.worked.won:,} of {kept.worked.of:,}){wanted}",
            worked,
        ),
        Verdict("First contact", written(met.share, "share"), f"in time ({met.won:,} of {met.of:,})", None),
    )


def _kept(figures: Figures, month: Month, kept: Promises, missed: tuple[Missed, ...]) -> Page:
    points, former = conversion_points(figures, month), conversion_points(figures, month.before)
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
                sentences=() if missed else ("None: every hot lead that is due was called.",),
            ),
        ),
    )


def _annex(kept: Promises, missed: tuple[Missed, ...], own: OwnHandoffs | None) -> Page:
    return Page(
        "Annex",
        (
            *(_handed_over(own) if own is not None and own.grades else ()),
            Section("What sales sent back", tables=(sent_back_table(kept),)),
            Section("Hot leads missed", tables=(missed_table(missed),)),
        ),
        kind="annex",
    )


def _handed_over(own: OwnHandoffs | None) -> tuple[Section, ...]:
    title = "What Baton handed over"
    if own is None or not own.grades:
        return (Section(title, sentences=("The ledger has no hand-off of this month.",)),)
    until = f"From Baton's ledger, as it stood on {moment(own.until)}; all else is of the CRM's history."
    return (Section(title, sentences=(until,), tables=(own_table(own), returned_table(own))),)
