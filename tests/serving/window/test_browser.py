"""The pages in a real browser: they show, they fit, nothing serious is wrong with them for anybody."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from live_server import Server
from serving.pages.navigation import NAV

CHROMIUM = (
    os.environ.get("BATON_TEST_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
)
pytestmark = pytest.mark.skipif(not CHROMIUM, reason="no Chromium here, and BATON_TEST_CHROMIUM names none")
PAGES = [*(path for path, _ in NAV), "/agreed?by=capacity&setting=20&employees=50", "/", "/docs", "/try"]
SIZES = {"desk": (1280, "light"), "desk at night": (1280, "dark"), "phone": (390, "dark")}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser without a window."""
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture(scope="module")
def served(crm, tmp_path_factory) -> Iterator[tuple[Server, str]]:
    """The real service over the small CRM, and a key."""
    server = Server(tmp_path_factory.mktemp("shown"), BATON_PAGES=str(crm.project.pages))
    server.promote(crm.project.bundle, "1")
    scopes = [word for scope in ("read", "feedback", "score") for word in ("--scope", scope)]
    key = server.run("keys", "create", "--name", "browser", *scopes).split()[-1]
    with server.running():
        yield server, key


@pytest.fixture(params=SIZES)
def visit(request, browser, served) -> Iterator[Page]:
    """A visitor who signed in, at a desk or with a phone; what the browser complains of fails the test."""
    server, key = served
    width, scheme = SIZES[request.param]
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, base_url=server.url
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto("/sign-in")
    page.fill("#key", key)
    page.keyboard.press("Enter")
    page.wait_for_url("**/month")
    yield page
    context.close()
    assert complaints == []


@pytest.mark.parametrize("path", PAGES)
def test_a_page_shows_fits_and_is_for_everybody(visit, path):
    """It answers, is no wider than the screen, and axe finds nothing serious."""
    answer = visit.goto(path)
    assert answer is not None
    assert answer.status == 200, answer.text()
    assert visit.evaluate("document.documentElement.scrollWidth") <= visit.viewport_size["width"]
    found = Axe().run(visit, options={"resultTypes": ["violations"]})
    serious = [
        f"{one['id']}: {one['help']}; {one['nodes'][0]['html'][:200]}"
        for one in found.response["violations"]
        if one["impact"] in {"serious", "critical"}
    ]
    assert serious == []


def test_the_keyboard_is_enough(visit):
    """From the top of a page, Tab leads through the navigation to a figure, and shows what it means."""
    visit.goto("/month")
    for _ in range(40):
        visit.keyboard.press("Tab")
        if visit.evaluate("document.activeElement.classList.contains('term')"):
            break
    assert (
        visit.evaluate("getComputedStyle(document.activeElement.querySelector('.meaning')).display")
        == "block"
    )
