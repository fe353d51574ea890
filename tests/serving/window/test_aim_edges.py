"""`/aim` where there is nothing to show, and where names are meant to break it."""

from __future__ import annotations

import csv
import io
import re
import shutil
from xml.etree import ElementTree as ET

import duckdb
import pandas as pd
import pytest

from pipeline.page_tables.aims import add_aims
from pipeline.page_tables.past_scores import COLUMNS
from pipeline.page_tables.writing import PagesFile

PAGES = ("/aim", "/aim?by=campaign&period=all", "/aim?by=source&and=campaign", "/aim/moves", "/aim/profile")

NASTY = (
    "<script>alert(1)</script>",
    '=HYPERLINK("http://evil.example","a")',
    "\u202eحملة الخريف\u202e",
    "x" * 10_000,
    "\"' onmouseover='x' &amp; ]]> {{ 7 * 7 }}",
    "@SUM(1+1)",
)


@pytest.fixture
def changed(crm, tmp_path):
    """A copy of the pages' file after some SQL."""

    def change(*statements, parameters=()):
        path = tmp_path / "changed.duckdb"
        shutil.copy(crm.project.pages, path)
        with duckdb.connect(str(path)) as connection:
            for sql in statements:
                connection.execute(sql, parameters if "?" in sql else None)
        return path

    return change


@pytest.fixture
def nasty(changed):
    """The largest sources and campaigns have nasty names."""
    top = "select {0} from segments where {0} is not null group by 1 order by count(*) desc, 1 limit 6"
    named = "(select unnest(?::varchar[]) as name, generate_subscripts(?::varchar[], 1) as place)"
    return changed(
        f"""
        update campaigns set name = n.name
        from (select campaign_id, row_number() over () as place from ({top.format("campaign_id")})) t
        join {named} n using (place) where campaigns.campaign_id = t.campaign_id
        """,
        *(
            f"""
            update {table} set source = n.name
            from (select old, row_number() over () as place from
              (select source as old from old_sources order by place)) t
            join {named} n using (place) where {table}.source = t.old
            """.replace(
                "old_sources", f"(select source, row_number() over () as place from ({top.format('source')}))"
            )
            for table in ("credits", "campaign_leads", "segments")
        ),
        parameters=[list(NASTY), list(NASTY)],
    )


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"))))


def test_names_neither_break_a_page_nor_run_in_it(new_window, nasty):
    """Markup is escaped, in the pictures too, a long name is cut on the page, and the pictures stay whole."""
    window = new_window(pages=nasty).sign_in()
    for path in PAGES:
        page = window.get(path)
        assert "<script" not in page, path
        assert "x" * 200 not in page, path
        assert len(page) < 400_000, path
        for svg in re.findall(r"<svg.*?</svg>", page, re.DOTALL):
            ET.fromstring(svg)
    page = window.get("/aim?by=source&period=all")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "{{ 7 * 7 }}" in page, "what a lead holds is no template"
    assert "x" * 100 in page


def test_files_hold_names_whole_and_no_formulas(new_window, nasty):
    """A cell that a spreadsheet would work out is a text; nothing is cut or lost."""
    window = new_window(pages=nasty).sign_in()
    named = {row["source"] for row in rows_of(window.get("/aim/segments.csv?by=source&period=all"))}
    assert {"x" * 10_000, "'" + NASTY[1], "'" + NASTY[5], NASTY[0], NASTY[2]} <= named
    paid = {row["campaign"] for row in rows_of(window.get("/aim/money.csv?by=campaign&period=all"))}
    assert "'" + NASTY[1] in paid
    values = {one["value"] for one in window.client.get("/aim/profile.json?period=all").json()["traits"]}
    assert not any(value.startswith("'") for value in values), (
        "JSON is for programs, and holds values as they are"
    )


@pytest.fixture
def bare(crm, tmp_path):
    """A CRM of leads and stages alone, without a back-test."""
    tables = tmp_path / "tables"
    tables.mkdir()
    for name in ("leads", "stage_changes"):
        shutil.copy(crm.project.tables / f"{name}.parquet", tables)
    path = tmp_path / "bare.duckdb"
    with PagesFile(path) as pages:
        pages.add_history(tables, crm.project.agreement)
        pages.add("past_scores", pd.DataFrame({name: [] for name in COLUMNS}))
        add_aims(pages, crm.project.agreement, crm.now.to_pydatetime())
        agreement = crm.project.agreement.model_dump(mode="json")
        pages.add_facts({"now": crm.now.isoformat(), "agreement": agreement})
    return path


def test_a_crm_without_campaigns_deals_and_back_test_has_rates(new_window, bare):
    """What is not known is said, and what is known is shown."""
    window = new_window(pages=bare).sign_in()
    page = window.get("/aim?by=industry&period=all")
    assert "The CRM&#39;s tables have no campaigns" in page
    rows = rows_of(window.get("/aim/segments.csv?by=industry&period=all"))
    assert sum(int(row["leads"]) for row in rows) > 2000
    assert {row["predicted"] for row in rows} == {""}
    assert "more" in {row["aim"] for row in rows_of(window.get("/aim/moves/evidence.csv?period=all"))}
    assert window.get("/aim/profile")


def test_without_leads_the_pages_say_so(new_window, changed):
    """An empty period or history is no fault."""
    path = changed(*(f"delete from {table}" for table in ("segments", "credits", "campaign_leads", "leads")))
    window = new_window(pages=path).sign_in()
    for page in PAGES:
        assert "no source, campaign, industry" in window.get(page) or "No lead came in" in window.get(page), (
            page
        )
    assert window.client.get("/aim/profile.json").json()["traits"] == []


def test_a_period_without_leads_says_so(new_window, changed):
    """Leads that all came long ago leave the last months empty."""
    path = changed("update segments set created_at = created_at - interval 3 years")
    window = new_window(pages=path).sign_in()
    for page in ("/aim?period=3", "/aim/moves?period=3", "/aim/profile?period=3"):
        text = window.get(page)
        assert "No lead came in" in text or "0 leads came in" in text, page


def test_it_takes_a_key_that_may_read(new_window):
    """Whoever has not signed in is asked to, and comes back to the same address."""
    window = new_window()
    answer = window.client.get("/aim?by=size", follow_redirects=False)
    assert answer.status_code == 303
    assert "by%3Dsize" in answer.headers["location"]
