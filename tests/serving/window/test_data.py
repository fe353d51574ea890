"""`/data`: findings, shares over time and rows set aside are those that the check left."""

from __future__ import annotations

import csv
import io
import json
import shutil

import duckdb
import pandas as pd
import pytest

from serving.figures.data_findings import (
    broken_rows,
    by_month,
    by_source,
    clauses,
    examined,
    feeds,
    reasons,
    tables_read,
)


def group_of(sources):
    return sources.str.split(":").str[0].str.strip()


def test_findings_are_those_of_the_check(crm, figures):
    """Every finding stands once, those that set rows aside before those that flag them."""
    told = json.loads(crm.project.findings.read_text())["findings"]
    found = clauses(figures)
    assert {(one.name, one.rows, one.total) for one in found} == {
        (one["clause"], one["rows"], one["total"]) for one in told
    }
    breaches = [one.breach for one in found]
    assert breaches == sorted(breaches, key=["stop", "reject", "flag"].index)


def test_rows_read_and_their_latest_record(crm, figures):
    """Counts are those of the check, and the latest record is that of the checked table."""
    told = json.loads(crm.project.findings.read_text())
    for one in tables_read(figures):
        assert (one.read, one.set_aside) == (told["rows"][one.name], told["set_aside"].get(one.name, 0))
    found = {one.name: one.latest for one in tables_read(figures)}
    assert found["leads"] == crm.leads["created_at"].max()
    occurred = crm.activities["occurred_at"]
    assert found["activities"] == occurred[occurred <= crm.now].max()
    assert [one.is_kept for one in feeds(figures)] == [True]


def test_flags_over_time_and_by_source(crm, figures):
    """A lead counts in the month it was created in and in its source, however many flags it has."""
    flags = pd.read_parquet(crm.project.quarantine / "flags.parquet")
    leads = crm.leads.assign(
        month=crm.leads["created_at"].dt.strftime("%Y-%m"),
        flagged=crm.leads["lead_id"].isin(flags["lead_id"]),
    )
    for one in by_month(figures, None, None):
        part = leads[leads["month"] == one.name]
        assert (one.flagged.won, one.flagged.of) == (part["flagged"].sum(), len(part))
    aside = pd.read_parquet(crm.project.quarantine / "broke_a_rule" / "leads.parquet")
    assert sum(one.set_aside for one in by_source(figures, None)) == len(aside)
    dated = pd.to_datetime(aside["created_at"], utc=True, errors="coerce", format="mixed")
    months = {one.name for one in by_month(figures, None, None)}
    assert (
        sum(one.set_aside for one in by_month(figures, None, None))
        == dated.dt.strftime("%Y-%m").isin(months).sum()
    )
    company = set(flags[flags["field"] == "company"]["lead_id"])
    sources = group_of(leads["lead_source"]).str.lower()
    for one in by_source(figures, "company"):
        part = leads[sources == one.name.lower()]
        assert (one.flagged.won, one.flagged.of) == (part["lead_id"].isin(company).sum(), len(part))
        own = by_month(figures, one.name, "company")
        assert sum(month.flagged.won for month in own) == part["lead_id"].isin(company).sum()


def test_every_row_set_aside_can_be_taken_away(crm, window, figures):
    """The file has all of them with their reasons, and no e-mail address; the page has the first."""
    kept = [pd.read_parquet(path) for path in (crm.project.quarantine / "broke_a_rule").glob("*.parquet")]
    rows = list(csv.DictReader(io.StringIO(window.get("/data/broken-rows.csv").lstrip("\ufeff"))))
    assert len(rows) == sum(map(len, kept)) == sum(one.rows for one in reasons(figures))
    assert all(row["reasons"] for row in rows)
    assert not any("@" in row["row"] or "email" in row["row"] for row in rows if row["table"] == "leads")
    only = list(csv.DictReader(io.StringIO(window.get("/data/broken-rows.csv?table=leads").lstrip("\ufeff"))))
    assert {row["table"] for row in only} == {"leads"}
    assert len(window.get("/data/broken-rows.csv?table=nonsense").splitlines()) == len(rows) + 1
    assert len(list(broken_rows(figures, None, most=5))) == 5


def test_the_audit_tells_what_was_left_out_and_why(crm, window, figures):
    """What was left out comes first, each with its reason, and what is clear is there too."""
    told = json.loads((crm.project.reports / "leakage.json").read_text())["examined"]
    found = examined(figures)
    assert {one.name: one.verdict for one in found} == {one["name"]: one["verdict"] for one in told}
    left_out = [one for one in found if one.verdict == "left_out"]
    assert found[: len(left_out)] == tuple(left_out)
    assert all(one.reasons for one in left_out)
    page = window.get("/data")
    assert f"{len(left_out)} of {len(found)} columns and kinds of activity" in page


@pytest.fixture
def altered(crm, tmp_path):
    """Return how to alter a copy of the file of the pages."""

    def make(*statements):
        pages = tmp_path / "altered.duckdb"
        shutil.copy(crm.project.pages, pages)
        with duckdb.connect(str(pages)) as file:
            for sql, *values in statements:
                file.execute(sql, values)
        return pages

    return make


def test_what_a_crm_holds_is_shown_and_not_obeyed(new_window, altered):
    """Mark-up and formulas in reasons, rows and sources are text on the page and in the file."""
    nasty = '=HYPERLINK("x")<script>alert(1)</script>'
    row = json.dumps({"lead_id": "1", "company": nasty, "created_at": "no date", "lead_source": nasty})
    pages = altered(
        ("insert into broken_rows values ('leads', ?, ?, ?)", nasty, nasty, row),
        (
            "insert into broken_rows values ('leads', '2', 'half', ?)",
            '{"a": NaN, "created_at": "2026"}',
        ),
        ("update leads set source_group = ? where lead_id in (select lead_id from leads limit 30)", nasty),
        ("insert into flags values ('x', ?, 'rule', ?)", nasty, nasty),
    )
    window = new_window(pages=pages).sign_in()
    page = window.get("/data")
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    cells = [cell for row in csv.reader(io.StringIO(window.get("/data/broken-rows.csv"))) for cell in row]
    assert not any(cell.startswith("=") for cell in cells)
    assert any(cell.startswith("'=HYPERLINK") for cell in cells)
    assert "<script" not in window.get("/trust")


def test_data_without_a_fault(new_window, altered):
    """Without findings, flags or rows set aside, the page says that all is well."""
    told = {
        "agreement_version": "1",
        "findings": [],
        "notes": ["<b>a note</b>"],
        "rows": {},
        "set_aside": {},
        "unreadable": {},
        "unread_cells": 0,
    }
    pages = altered(
        ("delete from flags",),
        ("delete from broken_rows",),
        ("update facts set value = ? where name = 'findings'", json.dumps(told)),
    )
    page = new_window(pages=pages).sign_in().get("/data?source=x&field=y&table=z")
    assert "Nothing: every rule is kept." in page
    assert "No row was set aside." in page
    assert "&lt;b&gt;a note" in page
