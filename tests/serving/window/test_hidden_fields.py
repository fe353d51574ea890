"""A field that the agreement keeps from use is named nowhere: neither on a page nor in the report."""

from __future__ import annotations

import pytest

from altered_pages import altered
from serving.figures.file import open_figures
from serving.figures.months import Month
from serving.report.as_html import as_html
from serving.report.composing import monthly_report


@pytest.fixture(scope="module")
def file(crm, tmp_path_factory):
    """The file of the pages under an agreement that keeps companies from use, of leads that all have one."""
    return altered(
        crm.project.pages,
        tmp_path_factory.mktemp("hidden"),
        "update leads set company = 'Secret & Sons'",
        'update facts set value = json_merge_patch(value, \'{"never_use": ["company"]}\') '
        "where name = 'agreement'",
    )


@pytest.mark.parametrize("path", ["/month", "/trust"])
def test_a_page_that_names_leads_does_not_show_it(new_window, file, path):
    """Leads are named by their ids there."""
    page = new_window(pages=file).sign_in().get(path)
    assert "Secret" not in page
    assert "/lead?id=" in page


def test_the_report_does_not_show_it(file):
    """Nor does the report, in whatever is printed of it."""
    figures = open_figures(file)
    text = as_html(monthly_report(figures, Month.of(figures.now).before))
    figures.connection.close()
    assert "Secret" not in text
