"""A field that the agreement keeps from use is named nowhere: neither on a page nor in the report."""

from __future__ import annotations

import re
import shutil

import pandas as pd
import pytest

from altered_pages import frame
from pipeline.project import Project
from pipeline.stages.by_name import run_stage
from serving.figures.file import open_figures
from serving.figures.months import Month
from serving.pages.navigation import NAV
from serving.report.as_html import as_html
from serving.report.composing import monthly_report

SECRET = {"company": "Secret & Sons", "lead_source": "Secret: word of mouth", "owner_id": "Secret Agent"}


@pytest.fixture(scope="module")
def file(crm, tmp_path_factory):
    """The file of the pages under an agreement that keeps fields from use, which all leads have."""
    folder = tmp_path_factory.mktemp("hidden") / "project"
    shutil.copytree(crm.project.root, folder)
    project = Project(folder)
    leads = project.tables / "leads.parquet"
    pd.read_parquet(leads).assign(**SECRET).to_parquet(leads, index=False)
    for broken in (project.quarantine / "broke_a_rule").glob("leads*.parquet"):
        pd.read_parquet(broken).assign(**SECRET).to_parquet(broken, index=False)
    agreed = folder / "agreement.yaml"
    entries = "".join(f"  - {field}\n" for field in SECRET)
    agreed.write_text(agreed.read_text().replace("never_use:\n", f"never_use:\n{entries}"))
    run_stage("pages", project)
    return project.pages


FILES = ["/open-leads/open-leads.csv", "/month/missed.csv", "/data/broken-rows.csv"]
PAGES = [*(path for path, _ in NAV), "/aim/moves", "/aim/profile", "/come-back", "/trust?by=source_group"]


@pytest.mark.parametrize("path", [*PAGES, *FILES])
def test_no_page_shows_it(new_window, file, path):
    """Leads are named by their ids, and told apart by other things."""
    assert "Secret" not in new_window(pages=file).sign_in().get(path)


@pytest.mark.parametrize("path", ["/aim?by=source", "/aim?by=industry&and=source", "/aim/moves?period=all"])
def test_nothing_is_aimed_by_it(new_window, file, path):
    """It is no choice and no heading, even when an address asks for it."""
    page = new_window(pages=file).sign_in().get(path)
    assert ">Source<" not in page
    assert ">Industry<" in page


def test_leads_are_named_by_their_ids(new_window, file):
    """Where they would be named by their company."""
    window = new_window(pages=file).sign_in()
    for path in ("/month", "/trust"):
        assert re.search(r'<a href="/lead\?id=([^"&]+)">\1</a>', window.get(path)), path


def test_the_page_of_a_lead_does_not_show_it(new_window, file):
    """Nor does the list that leads to it."""
    lead_id = frame(file, "select lead_id from scores order by probability desc")["lead_id"][0]
    window = new_window(pages=file).sign_in()
    assert "Secret" not in window.get(f"/lead?id={lead_id}")
    assert lead_id in window.get("/open-leads")


def test_the_report_does_not_show_it(file):
    """Nor does the report, in whatever is printed of it."""
    figures = open_figures(file)
    text = as_html(monthly_report(figures, Month.of(figures.now).before))
    figures.connection.close()
    assert "Secret" not in text
