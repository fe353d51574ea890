"""The pages in a real browser: they show, they fit, nothing serious is wrong with them for anybody."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from live_server import Server
from serving.pages.navigation import NAV
from shown_project import ShownProject, shown_example

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


@contextmanager
def service(folder: Path, made: ShownProject | None) -> Iterator[tuple[Server, str]]:
    """The real service over a project, or over nothing at all, and a key for its pages."""
    server = Server(folder, BATON_PAGES=str(made.project.pages if made else folder / "pages.duckdb"))
    if made:
        server.promote(made.project.bundle, "1")
    scopes = [word for scope in ("read", "feedback", "score") for word in ("--scope", scope)]
    key = server.run("keys", "create", "--name", "browser", *scopes).split()[-1]
    with server.running():
        yield server, key


@pytest.fixture(scope="module")
def served(crm, tmp_path_factory):
    """The service over the small sample CRM."""
    with service(tmp_path_factory.mktemp("sample"), crm) as found:
        yield found


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


@contextmanager
def visitor(browser: Browser, server: Server, key: str, size: str) -> Iterator[Page]:
    """Somebody who signed in, at a desk or with a phone; what the browser complains of fails the test."""
    width, scheme = SIZES[size]
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
    # An answer with 503 is noted there too.
    assert [one for one in complaints if "Failed to load resource" not in one] == []


def require_good(page: Page) -> None:
    """The page is no wider than the screen, and axe finds nothing serious."""
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    found = Axe().run(page, options={"resultTypes": ["violations"]})
    serious = [
        f"{one['id']}: {one['help']}; {one['nodes'][0]['html'][:200]}"
        for one in found.response["violations"]
        if one["impact"] in {"serious", "critical"}
    ]
    assert serious == []


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
