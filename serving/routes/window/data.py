"""`/data`: what was read, what is wrong with it, what was set aside, and what the model may not look at."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from serving.figures.data_findings import (
    BrokenRow,
    Clause,
    Examined,
    Reason,
    Share,
    TableRead,
    broken_rows,
    by_month,
    by_source,
    clauses,
    examined,
    feeds,
    flag_kinds,
    reasons,
    sources,
    tables_read,
)
from serving.figures.table import Column, Table, csv_parts
from serving.pages.data_chart import flags_chart
from serving.routes.sessions import SessionRoute
from serving.routes.window.documents import DATA_DOCS, INDEX, found_below
from serving.routes.window.frame import Shown, Visit, add_page, csv_file, visit_of

ROUTER = APIRouter(route_class=SessionRoute, include_in_schema=False)
SHOWN: Final = 25
BREACHES: Final = {"stop": "stops the run", "reject": "set aside", "flag": "kept, with a flag"}
VERDICTS: Final = {
    "left_out": "left out",
    "not_used": "not used by agreement",
    "vouched": "vouched for",
    "clear": "clear",
}


def look(visit: Visit) -> Shown:
    """Return what is known of the data; ``source``, ``field`` and ``table`` of the address choose."""
    figures, asked = visit.figures, visit.asked
    known_sources, known_fields = sources(figures), flag_kinds(figures)
    source = asked.get("source") if asked.get("source") in known_sources else None
    field = asked.get("field") if asked.get("field") in known_fields else None
    read, found, audit = tables_read(figures), clauses(figures), examined(figures)
    why, months = reasons(figures), by_month(figures, source, field)
    told = figures.fact("findings") or {}
    tables = sorted({one.table for one in why})
    table = asked.get("table") if asked.get("table") in tables else None
    erased = visit.room.erased.among(figures)
    return Shown(
        {
            "read": read,
            "clauses": found,
            "notes": told.get("notes", []),
            "unread_cells": told.get("unread_cells", 0),
            "agreement_version": told.get("agreement_version", ""),
            "source": source,
            "sources": known_sources,
            "field": field,
            "fields": known_fields,
            "table_name": table,
            "broken_tables": tables,
            "broken": sum(one.rows for one in why if table in {None, one.table}),
            "feeds": feeds(figures),
            "flags_chart": flags_chart(months),
            "left_out": sum(one.verdict == "left_out" for one in audit),
            "looked_at": len(audit),
            "too_few": (figures.fact("leakage") or {}).get("too_few_outcomes", False),
            "has_docs": found_below(visit.room.settings.reports / DATA_DOCS, INDEX) is not None,
        },
        (
            read_table(read),
            clause_table(found),
            share_table("by-month", "By month that the lead was created in", "Month", months),
            share_table("by-source", "By source", "Source", by_source(figures, field)),
            reason_table(why),
            broken_table(tuple(broken_rows(figures, table, erased, SHOWN))),
            audit_table(audit),
        ),
    )


async def broken_file(request: Request) -> Response:
    """Send every row that was set aside, of a table or of all; the page shows the first ones alone."""
    visit = visit_of(request, "/data")
    if isinstance(visit, Response):
        return visit
    return await asyncio.to_thread(_broken_file, visit)


def _broken_file(visit: Visit) -> Response:
    figures, table = visit.figures, visit.asked.get("table")
    known = {one.table for one in reasons(figures)}
    erased = visit.room.erased.among(figures)
    found = broken_rows(figures, table if table in known else None, erased)
    return csv_file("broken-rows", csv_parts(BROKEN, map(_broken_cells, found)))


def read_table(read: Sequence[TableRead]) -> Table:
    """Return what was read of each table."""
    columns = (
        Column("table", "Table"),
        Column("read", "Rows read", "count"),
        Column("set_aside", "Set aside", "count", "Rows that break a rule: neither learned from nor scored."),
        Column("unreadable", "Unreadable", "count", "Rows of which no sense could be made."),
        Column("latest", "Latest record", "moment", "Of the rows that were kept."),
        Column("days", "Days before the end", "days", "Days from it to the moment the history goes up to."),
    )
    rows = tuple((one.name, one.read, one.set_aside, one.unreadable, one.latest, one.days) for one in read)
    return Table("read", "What was read", columns, rows, "It is not known what was read.")


def clause_table(found: Sequence[Clause]) -> Table:
    """Return the broken rules."""
    columns = (
        Column("field", "Field"),
        Column("message", "What was found, and what to do"),
        Column("breach", "Its rows are", meaning="As the agreement says for a breach of the rule."),
        Column("rows", "Rows", "count", "Rows that break the rule."),
        Column("total", "Of", "count", "Rows that the rule is about."),
        Column("share", "Share", "share"),
        Column("clause", "Clause", meaning="Its name in the findings and in the Data Docs."),
    )
    rows = tuple(
        (
            one.field,
            one.message,
            BREACHES.get(one.breach, one.breach),
            one.rows,
            one.total,
            one.rows / one.total if one.total else None,
            one.name,
        )
        for one in found
    )
    return Table("findings", "Findings by clause", columns, rows, "Nothing: every rule is kept.")


def share_table(name: str, caption: str, label: str, shares: Sequence[Share]) -> Table:
    """Return the share of flagged leads by month or by source."""
    columns = (
        Column(label.lower(), label),
        Column("flagged", "Leads with a flag", "share", "Kept, though a rule is broken."),
        Column("set_aside", "Set aside beside them", "count", "Leads that broke a rule that rejects them."),
    )
    rows = tuple((one.name, one.flagged, one.set_aside) for one in shares)
    return Table(name, caption, columns, rows, "There are no leads.")


def reason_table(why: Sequence[Reason]) -> Table:
    """Return why rows were set aside."""
    columns = (Column("table", "Table"), Column("reason", "Reason"), Column("rows", "Rows", "count"))
    rows = tuple((one.table, one.reason, one.rows) for one in why)
    return Table("reasons", "Why rows were set aside", columns, rows, "No row was set aside.")


BROKEN: Final = (
    Column("table", "Table"),
    Column("lead_id", "Lead"),
    Column("reasons", "Why, and what to do"),
    Column("row", "What it holds", meaning="What is filled in, less what is personal."),
)


def broken_table(found: Sequence[BrokenRow]) -> Table:
    """Return rows that were set aside."""
    rows = tuple(map(_broken_cells, found))
    return Table("broken-rows", "Rows set aside", BROKEN, rows, "No row was set aside.")


def _broken_cells(one: BrokenRow) -> tuple[object, ...]:
    return one.table, one.lead_id, one.reasons, one.holds


def audit_table(audit: Sequence[Examined]) -> Table:
    """Return what the leakage audit looked at."""
    columns = (
        Column("name", "Name"),
        Column("what", "What it is"),
        Column("verdict", "Verdict"),
        Column("reasons", "Why"),
        Column(
            "auc",
            "Alone",
            "score",
            "How well it alone tells leads that convert from others of the same time (AUC): 0.5 is chance. "
            "What is nearly 1 was most often written down because of the outcome.",
        ),
        Column("filled", "Filled in", "share", "Of the leads."),
    )
    rows = tuple(
        (one.name, one.what, VERDICTS.get(one.verdict, one.verdict), one.reasons or None, one.auc, one.filled)
        for one in audit
    )
    return Table("leakage", "What the leakage audit looked at", columns, rows, "The audit looked at nothing.")


# Before the page's own files: the page shows the first rows alone, the file has them all.
ROUTER.add_api_route("/data/broken-rows.csv", broken_file, methods=["GET"])
add_page(ROUTER, "/data", "data.html", look)
