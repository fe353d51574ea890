"""What people do on the pages, done in a real browser: answers, choices, downloads, signing in and out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from altered_pages import csv_rows, frame
from browsing import NEEDS_CHROMIUM, visitor
from serving.ledger.tables import FEEDBACK

pytestmark = NEEDS_CHROMIUM


@pytest.fixture
def page(browser, served):
    """Somebody at a desk who signed in."""
    with visitor(browser, *served, "desk") as found:
        yield found


@pytest.fixture(scope="module")
def waiting(crm):
    """Leads that wait for a call of sales by what the CRM says, the likeliest first."""
    found = frame(
        crm.project.pages,
        "select s.lead_id from scores s join leads l using (lead_id) join handoffs h using (lead_id) "
        "where l.stage = 'mql' and h.contacted_at is null order by s.probability desc",
    )
    return found["lead_id"].tolist()


def last_said(served):
    return max(served[0].rows(FEEDBACK), key=lambda row: row["recorded_at"])


def test_a_lead_is_accepted_with_one_click(page, served, waiting):
    """The list confirms it, the lead has left those that wait, and the ledger has it once."""
    page.goto("/open-leads?where=open")
    page.get_by_role("button", name=f"Accept {waiting[0]}").click()
    assert page.get_by_role("status").inner_text().startswith("Recorded.")
    assert page.get_by_role("button", name=f"Accept {waiting[0]}").count() == 0
    row = last_said(served)
    assert (row["lead_id"], row["verdict"]) == (waiting[0], "accepted")
    page.reload()
    assert sum(row["lead_id"] == waiting[0] for row in served[0].rows(FEEDBACK)) == 1


def test_the_keyboard_accepts_too(page, served, waiting):
    """Tab to the button and Enter."""
    page.goto(f"/open-leads?where=open&q={waiting[1]}")
    page.get_by_role("button", name="Show").focus()
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText").startswith("Accept"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**said=*")
    assert last_said(served)["lead_id"] == waiting[1]


def test_a_rejection_takes_a_reason(page, served, waiting):
    """Without one it is refused in words, and what was written is still there; with one it is recorded."""
    page.goto(f"/lead?id={waiting[2]}")
    form = page.get_by_role("form", name="Reject")
    form.get_by_label("Your name").fill("Ada Lovelace")
    form.get_by_label("In words").fill("They bought elsewhere <b>last week</b>")
    form.get_by_role("button").click()
    assert "Nothing was recorded" in page.get_by_role("alert").inner_text()
    form = page.get_by_role("form", name="Reject")
    assert form.get_by_label("Your name").input_value() == "Ada Lovelace"
    form.get_by_label("Why").select_option("wrong_timing")
    form.get_by_role("button").click()
    assert "Ada Lovelace rejected" in page.get_by_role("status").inner_text()
    row = last_said(served)
    assert (row["verdict"], row["reason"], row["given_by"]) == ("rejected", "wrong_timing", "Ada Lovelace")
    assert "They bought elsewhere <b>last week</b>" in page.locator(".events").inner_text()


def test_a_lead_is_given_back_until_a_day(page, served, waiting):
    """It stands with marketing until then, on its page and in the list."""
    day = datetime.now(UTC) + timedelta(days=90)
    page.goto(f"/lead?id={waiting[3]}")
    form = page.get_by_role("form", name="Give back")
    form.get_by_label("Until").fill(f"{day:%Y-%m-%d}")
    form.get_by_role("button").click()
    assert f"{day.day} {day:%b %Y}" in page.get_by_role("status").inner_text()
    assert last_said(served)["until"].date() == day.date()
    page.goto(f"/open-leads?where=recycled&q={waiting[3]}")
    assert "Back with marketing until" in page.locator("table.leads").inner_text()


def test_leads_are_searched_and_filtered_and_downloaded(page, crm, tmp_path):
    """The list, its count and its file are those of the choice; the address can be sent to a colleague."""
    page.goto("/open-leads")
    page.get_by_label("Grade", exact=True).select_option("B")
    page.get_by_text("More filters").click()
    page.get_by_label("Industry").select_option(index=1)
    chosen = page.get_by_label("Industry").input_value()
    page.get_by_role("button", name="Show").click()
    heading = page.get_by_role("heading", level=2).first.inner_text()
    with page.expect_download() as download:
        page.get_by_role("link", name="as CSV").click()
    path = tmp_path / "leads.csv"
    download.value.save_as(path)
    rows = csv_rows(Path(path).read_text(encoding="utf-8"))
    assert heading.startswith(f"{len(rows):,} lead")
    assert {(row["grade"], row["industry"]) for row in rows} == {("B", chosen)}
    assert "grade=B" in page.url


def test_a_segment_leads_to_its_open_leads(page):
    """A click on a source shows the open leads that came from it."""
    page.goto("/aim?by=source&and=industry")
    link = page.locator("td a").first
    name = link.inner_text()
    link.click()
    assert page.url.split("?")[0].endswith("/open-leads")
    assert page.get_by_label("Source").input_value() == name


@pytest.mark.parametrize(
    ("path", "label", "value", "shown"),
    [
        ("/month", "Month", 1, "month="),
        ("/aim", "By", 2, "by="),
        ("/aim/moves", "Leads that came in", 0, "period="),
        ("/trust", "A lead counts by", 2, "count="),
        ("/trust#kinds", "By", 1, "by="),
        ("/data", "Source", 1, "source="),
    ],
)
def test_a_choice_is_made_and_stays(page, path, label, value, shown):
    """Each form asks for another view, whose address says so, and shows what was chosen."""
    page.goto(path)
    select = page.get_by_label(label, exact=True)
    select.select_option(index=value)
    chosen = select.input_value()
    page.locator("form", has=select).get_by_role("button", name="Show").click()
    page.wait_for_url(f"**{shown}*")
    assert page.get_by_label(label, exact=True).input_value() == chosen


def test_a_driver_opens_its_effect(page):
    """A click on a feature shows its values with counts, and by period and segment."""
    page.goto("/drivers")
    page.locator("td a").first.click()
    page.wait_for_url("**feature=*")
    assert page.get_by_role("heading", level=1).is_visible()
    by = page.get_by_label("By", exact=True)
    by.select_option(index=1)
    page.locator("form", has=by).get_by_role("button").click()
    page.wait_for_url("**by=*")
    assert page.locator("svg").count() >= 1


def test_other_terms_are_tried(page):
    """The table holds what is agreed beside what was tried; nonsense is told in words."""
    page.goto("/agreed")
    page.get_by_label("Hand over by").select_option("capacity")
    page.get_by_label("Namely").fill("5")
    page.get_by_role("button", name="Try it").click()
    page.wait_for_url("**by=capacity*")
    assert page.get_by_label("Namely").input_value() == "5"
    page.get_by_label("Namely").fill("many")
    page.get_by_role("button", name="Try it").click()
    assert "whole number above 0" in page.get_by_role("alert").inner_text()


def test_the_card_and_the_docs_open(page):
    """From the page of trust and from that of the data."""
    page.goto("/trust")
    page.get_by_role("link", name="The model card").click()
    assert "Model card" in page.title() or "model card" in page.content().lower()


def test_a_wrong_key_is_refused_and_signing_out_ends_it(page, served):
    """After signing out no page is shown; a wrong key says so, and shows nothing of itself."""
    page.get_by_role("button", name="Sign out").click()
    page.goto("/trust")
    assert "/sign-in" in page.url
    page.fill("#key", "baton_" + "wrong" * 8)
    page.keyboard.press("Enter")
    page.get_by_role("alert").wait_for()
    assert "wrong" * 8 not in page.content()
    page.fill("#key", served[1])
    page.keyboard.press("Enter")
    page.wait_for_url("**/trust")
