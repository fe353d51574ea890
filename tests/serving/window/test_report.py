"""The report for the meeting: two pages that stand alone, the figures of the pages, no harm from names."""

from __future__ import annotations

import re

import pytest
from typer.testing import CliRunner

from serving.commands import APP
from serving.figures.months import Month
from serving.figures.promises import missed_hot_leads, promises
from serving.figures.table import Column, Link, Table
from serving.report.as_html import as_html
from serving.report.as_pdf import as_pdf
from serving.report.composing import monthly_report
from serving.report.document import Document, Page, Section

EVIL = '<script>alert(1)</script> #import "x" $a$ =1+1 \N{RIGHT-TO-LEFT OVERRIDE}abc'


@pytest.fixture(scope="module")
def month(figures):
    return Month.of(figures.now).before


@pytest.fixture(scope="module")
def report(figures, month):
    return monthly_report(figures, month)


def sheets(pdf: bytes) -> int:
    """How many pages a PDF says that it has."""
    return max(int(count) for count in re.findall(rb"/Count (\d+)", pdf))


def test_it_tells_the_figures_of_the_pages(figures, month, report):
    """Delivered SQLs, worked hand-offs and first contacts are those of the month's page."""
    kept, text = promises(figures, month), as_html(report)
    assert f"{kept.delivered:,} <span>SQLs" in text
    assert f"({kept.worked.won:,} of {kept.worked.of:,})" in text
    assert f"({kept.in_time.won:,} of {kept.in_time.of:,})" in text


def test_the_file_needs_nothing_else(report):
    """No script, no link to a file, no address of another host: style and pictures are in it."""
    text = as_html(report)
    assert not re.search(r"<script|<link|\ssrc=|url\((?!#)|<a\s", text)
    assert set(re.findall(r'https?://[^\s"<]+', text)) <= {
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1999/xlink",
    }
    assert text.count("<svg") >= 2


def test_the_first_two_pages_fill_one_sheet_each(report):
    """Whoever prints them has the meeting on one sheet of paper, on both sides."""
    alone = Document(**{**vars(report), "pages": report.pages[:2]})
    assert [page.kind for page in report.pages] == ["page", "page", "annex"]
    assert sheets(as_pdf(alone)) == 2


def test_equal_figures_give_equal_files(figures, month, report):
    """Byte by byte, so that a file can be compared with the one that was sent."""
    again = monthly_report(figures, month)
    assert as_html(again) == as_html(report)
    assert as_pdf(again) == as_pdf(report)


def test_an_erased_lead_is_not_named(figures, month):
    """It is counted, and not among the hot leads that were missed."""
    gone = missed_hot_leads(figures, month)[0]
    assert gone.lead_id not in {one.lead_id for one in missed_hot_leads(figures, month, [gone.lead_id])}


def test_names_do_no_harm(figures):
    """Markup of HTML and of Typst, and formulas, are text in both files; ten thousand characters fit."""
    cells = ((Link(EVIL, "/lead?id=1"), EVIL), ("x" * 10_000, None))
    table = Table("evil", EVIL, (Column("a", EVIL), Column("b", "b")), cells)
    section = Section(EVIL, sentences=(EVIL,), tables=(table,))
    document = Document(EVIL, EVIL, figures.now, "1", (Page(EVIL, (section,)),))
    assert "<script" not in as_html(document)
    assert as_pdf(document).startswith(b"%PDF")


def test_the_command_writes_both_files(crm, tmp_path, monkeypatch):
    """`baton report` names what it wrote; a month that is none is refused in words."""
    monkeypatch.setenv("BATON_PAGES", str(crm.project.pages))
    monkeypatch.setenv("BATON_LEDGER_URL", f"sqlite:///{tmp_path}/ledger.db")
    place = tmp_path / "reports" / "meeting.html"
    done = CliRunner().invoke(APP, ["report", "--out", str(place)])
    assert done.exit_code == 0, done.output
    assert place.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert place.with_suffix(".pdf").read_bytes().startswith(b"%PDF")
    wrong = CliRunner().invoke(APP, ["report", "--month", "October"])
    assert "2026-10" in str(wrong.exception)
