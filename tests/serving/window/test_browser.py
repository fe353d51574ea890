"""The pages in a real browser: they show, they fit, nothing serious is wrong with them for anybody."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from altered_pages import frame
from browsing import NEEDS_CHROMIUM, SIZES, require_good, service, visitor
from serving.ledger.tables import FEEDBACK
from serving.pages.navigation import NAV
from shown_project import shown_example

pytestmark = NEEDS_CHROMIUM
PAGES = [*(path for path, _ in NAV), "/agreed?by=capacity&setting=20&employees=50", "/", "/docs", "/try"]


@pytest.fixture(scope="module")
def lender(tmp_path_factory, worker_id):
    """The service over the public log of a lender, which has neither campaigns nor deals."""
    source = Path(os.environ.get("BATON_REAL_DATA", "")) / "bpi_2012_october"
    if "BATON_REAL_DATA" not in os.environ or not source.is_dir():
        pytest.skip("BATON_REAL_DATA names no folder with the log of the lender")
    base = tmp_path_factory.getbasetemp()
    made = shown_example(base if worker_id == "master" else base.parent, source.name, source)
    with service(tmp_path_factory.mktemp("lender"), made) as found:
        yield found


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    """The service on the day that it was installed: no model, and nothing to show."""
    with service(tmp_path_factory.mktemp("empty"), None) as found:
        yield found


@pytest.mark.parametrize("size", SIZES)
def test_pages_show_and_fit_and_are_for_everybody(browser, served, size):
    """At a desk and on a phone, by day and by night."""
    with visitor(browser, *served, size) as page:
        for path in PAGES:
            answer = page.goto(path)
            assert answer.status == 200, (path, answer.text())
            require_good(page)


def test_pages_show_a_crm_without_campaigns(browser, lender):
    """What the data cannot tell is said, and nothing breaks."""
    with visitor(browser, *lender, "phone") as page:
        for path, _ in NAV:
            answer = page.goto(path)
            assert answer.status == 200, (path, answer.text())
            require_good(page)


def test_a_lead_of_that_crm_is_answered(browser, lender):
    """All of its leads have ended, and sales may still say what it thinks of one; tables are taken away."""
    file = Path(lender[0].environment["BATON_PAGES"])
    lead_id = frame(file, "select lead_id from leads order by lead_id limit 1")["lead_id"][0]
    with visitor(browser, *lender, "desk") as page:
        page.goto(f"/lead?id={lead_id}")
        page.get_by_role("form", name="Accept").get_by_label("Your name").fill("Ada")
        page.get_by_role("form", name="Accept").get_by_role("button").click()
        page.get_by_role("status").wait_for()
        assert [(row["lead_id"], row["given_by"]) for row in lender[0].rows(FEEDBACK)] == [(lead_id, "Ada")]
        page.goto("/month")
        with page.expect_download() as download:
            page.get_by_role("link", name="as CSV").first.click()
        assert download.value.suggested_filename.startswith("baton-")


def test_an_empty_installation_lets_people_in_and_out(browser, empty):
    """Signing in and out works on the first day, and so do the pages that need no history."""
    with visitor(browser, *empty, "desk") as page:
        for path in ("/", "/docs", "/try"):
            assert page.goto(path).status in {200, 503}, path
            require_good(page)
        page.goto("/month")
        page.get_by_role("button", name="Sign out").click()
        page.goto("/month")
        assert "/sign-in" in page.url


def test_an_empty_installation_says_what_to_do(browser, empty):
    """Each page says that there is nothing yet, and which command makes something."""
    with visitor(browser, *empty, "phone") as page:
        for path, _ in NAV:
            answer = page.goto(path)
            assert answer.status == 503, path
            assert "dvc repro" in answer.text()
            require_good(page)


def test_the_keyboard_is_enough(browser, served):
    """From the top of a page, Tab leads through the navigation to a figure, and shows what it means."""
    with visitor(browser, *served, "desk") as page:
        for _ in range(40):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.classList.contains('term')"):
                break
        shown = page.evaluate("getComputedStyle(document.activeElement.querySelector('.meaning')).display")
        assert shown == "block"
