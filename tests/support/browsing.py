"""The pages in a real browser: the service over a project, and somebody who signed in to it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from live_server import Server
from shown_project import ShownProject

CHROMIUM = (
    os.environ.get("BATON_TEST_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
)
NEEDS_CHROMIUM = pytest.mark.skipif(
    not CHROMIUM, reason="no Chromium here, and BATON_TEST_CHROMIUM names none"
)
SIZES = {"desk": (1280, "light"), "desk at night": (1280, "dark"), "phone": (390, "dark")}


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
