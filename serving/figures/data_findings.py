"""What is wrong with the data: by clause of the agreement, by month, by source, and row by row."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from serving.figures.file import Figures
from serving.figures.rates import Rate

MOST_MONTHS: Final = 24


@dataclass(frozen=True)
class Clause:
    """A rule that rows break: of ``total`` rows ``rows`` do; ``breach`` says what happens to them."""

    name: str
    table: str
    field: str
    breach: str
    rows: int
    total: int
    message: str


@dataclass(frozen=True)
class TableRead:
    """A table of the CRM: rows read and set aside, and its latest record; None where it has no moments."""

    name: str
    read: int
    set_aside: int
    unreadable: int
    latest: datetime | None
    days: float | None


@dataclass(frozen=True)
class Share:
    """Leads of a month or of a source: how many have a flag, and how many were set aside beside them."""

    name: str
    flagged: Rate
    set_aside: int


@dataclass(frozen=True)
class Reason:
    """Rows of a table that were set aside for the same reason."""

    table: str
    reason: str
    rows: int


@dataclass(frozen=True)
class Feed:
    """A clause of the agreement on how fresh a table must be, and whether it is kept."""

    table: str
    field: str
    within_days: float
    is_kept: bool


_CLAUSE: Final = ("table", "field", "breach", "rows", "total", "message")


def clauses(figures: Figures) -> tuple[Clause, ...]:
    """Return the broken rules: those that stop the run, those that set rows aside, then the rest."""
    order = {"stop": 0, "reject": 1, "flag": 2}
    found = [
        Clause(one["clause"], *(one[name] for name in _CLAUSE))
        for one in (figures.fact("findings") or {}).get("findings", [])
    ]
    return tuple(sorted(found, key=lambda one: (order.get(one.breach, 3), -one.rows, one.name)))


LATEST: Final[Mapping[str, str]] = {
    "leads": "created_at",
    "activities": "occurred_at",
    "stage_changes": "changed_at",
    "campaigns": "started_at",
    "opportunities": "greatest(created_at, case when closed_at <= $now then closed_at end)",
}


def tables_read(figures: Figures) -> tuple[TableRead, ...]:
    """Return what was read of each table; its latest record is the latest up to the moment of the history."""
    told = figures.fact("findings") or {}
    rows, aside, bad = (told.get(name) or {} for name in ("rows", "set_aside", "unreadable"))
    names = dict.fromkeys(name for name in (*LATEST, *rows) if name in rows)
    return tuple(_read(figures, one, rows[one], aside.get(one, 0), bad.get(one, 0)) for one in names)


def _read(figures: Figures, name: str, read: int, aside: int, bad: int) -> TableRead:
    latest = None
    if name in LATEST:
        moments = f"select {LATEST[name]} as moment from {name}"
        latest = figures.row(
            f"select max(moment) as latest from ({moments}) where moment <= $now",
            {"now": figures.now},
        )["latest"]
    days = None if latest is None else (figures.now - latest).total_seconds() / 86_400
    return TableRead(name, read, aside, bad, latest, days)


def feeds(figures: Figures) -> tuple[Feed, ...]:
    """Return the clauses on how fresh a table must be."""
    broken = {(one.table, one.field) for one in clauses(figures) if one.name.endswith("freshness")}
    return tuple(
        Feed(one.table, one.field, one.within_days, (one.table, one.field) not in broken)
        for one in figures.agreement.lead_data
        if one.rule == "freshness"
    )


_ASIDE: Final = """
  select try_cast(try_cast(row as json)->>'created_at' as timestamptz) at time zone 'UTC' as created_at,
    lower(trim(split_part(try_cast(row as json)->>'lead_source', ':', 1))) as folded
  from broken_rows where source_table = 'leads'
"""


def flag_kinds(figures: Figures) -> tuple[str, ...]:
    """Return the fields that have flags, the commonest first."""
    rows = figures.rows("select field from flags group by field order by count(*) desc, field")
    return tuple(row["field"] for row in rows)


def sources(figures: Figures) -> tuple[str, ...]:
    """Return the groups of sources, the commonest first."""
    rows = figures.rows(
        """
        select source_group as name from leads where source_group is not null
        group by 1 order by count(*) desc, 1
        """
    )
    return tuple(row["name"] for row in rows)


def by_month(figures: Figures, source: str | None, field: str | None) -> tuple[Share, ...]:
    """Return the months that leads were created in, the newest two years, the oldest first.

    Of a source or of all; flags on a field or on any.
    """
    rows = figures.rows(
        f"""
        with own as (
          select strftime(created_at, '%Y-%m') as month, count(*) as leads,
            count(*) filter (lead_id in (
              select lead_id from flags where $field is null or field = $field)) as flagged
          from leads where $source is null or source_group = $source group by 1
        ), aside as (
          select strftime(created_at, '%Y-%m') as month, count(*) as rows from ({_ASIDE})
          where $source is null or folded = lower($source) group by 1
        )
        select coalesce(o.month, a.month) as name, coalesce(leads, 0) as leads,
          coalesce(flagged, 0) as flagged, coalesce(a.rows, 0) as set_aside
        from own o full join aside a on a.month = o.month where coalesce(o.month, a.month) is not null
        order by name desc limit $most
        """,
        {"source": source, "field": field, "most": MOST_MONTHS},
    )
    return tuple(
        Share(row["name"], Rate(row["flagged"], row["leads"]), row["set_aside"]) for row in reversed(rows)
    )


def by_source(figures: Figures, field: str | None) -> tuple[Share, ...]:
    """Return the sources, the largest first; flags on a field or on any."""
    rows = figures.rows(
        f"""
        with own as (
          select source_group as name, count(*) as leads,
            count(*) filter (lead_id in (
              select lead_id from flags where $field is null or field = $field)) as flagged
          from leads group by 1
        ), aside as (select folded, count(*) as rows from ({_ASIDE}) group by 1)
        select coalesce(o.name, a.folded, 'not known') as name, coalesce(leads, 0) as leads,
          coalesce(flagged, 0) as flagged, coalesce(a.rows, 0) as set_aside
        from own o full join aside a on a.folded is not distinct from lower(o.name)
        order by coalesce(o.name, a.folded) is null, 2 desc, 1
        """,
        {"field": field},
    )
    return tuple(Share(row["name"], Rate(row["flagged"], row["leads"]), row["set_aside"]) for row in rows)


def reasons(figures: Figures) -> tuple[Reason, ...]:
    """Return why rows were set aside, the commonest first."""
    rows = figures.rows(
        """
        select source_table, coalesce(nullif(trim(split_part(reasons, '; found', 1)), ''), '-') as reason,
          count(*) as rows
        from broken_rows group by all order by rows desc, source_table, reason
        """
    )
    return tuple(Reason(row["source_table"], row["reason"], row["rows"]) for row in rows)


@dataclass(frozen=True)
class BrokenRow:
    """A row that was set aside: of which table and lead, why, and what it holds, less what is personal."""

    table: str
    lead_id: str
    reasons: str
    holds: str


def broken_rows(
    figures: Figures, table: str | None, hidden: Collection[str] = (), most: int | None = None
) -> Iterator[BrokenRow]:
    """Yield rows that were set aside, of a table or of all, leads first; none of a ``hidden`` lead."""
    rows = figures.each_row(
        """
        select source_table, lead_id, reasons, row from broken_rows
        where ($table is null or source_table = $table)
          and not list_contains($hidden::varchar[], coalesce(lead_id, ''))
        order by source_table <> 'leads', source_table, lead_id, rowid
        limit coalesce($most, 9223372036854775807)
        """,
        {"table": table, "hidden": list(hidden), "most": most},
    )
    for row in rows:
        yield BrokenRow(row["source_table"], row["lead_id"] or "", row["reasons"] or "", _holds(row["row"]))


def _holds(row: str) -> str:
    told: Mapping[str, Any] = json.loads(row)
    # What an older Baton wrote has NaN where nothing is filled in.
    return "; ".join(f"{name}: {value}" for name, value in told.items() if isinstance(value, str))


@dataclass(frozen=True)
class Examined:
    """A column or activity type that the leakage audit looked at, and its verdict with the reasons."""

    name: str
    what: str
    verdict: str
    reasons: str
    auc: float | None
    filled: float | None


def examined(figures: Figures) -> tuple[Examined, ...]:
    """Return what the leakage audit looked at: left out first, clear last."""
    order = {"left_out": 0, "vouched": 1, "not_used": 2, "clear": 3}
    found = [
        Examined(
            one["name"],
            one["what"].replace("_", " "),
            one["verdict"],
            " ".join(one["reasons"]),
            one["figures"].get("auc"),
            one["figures"].get("filled"),
        )
        for one in (figures.fact("leakage") or {}).get("examined", [])
    ]
    return tuple(sorted(found, key=lambda one: (order.get(one.verdict, 2), one.what != "column", one.name)))
