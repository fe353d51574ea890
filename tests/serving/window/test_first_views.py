"""Whoever signs in finds the pages ready."""

from __future__ import annotations

import logging
import os
import shutil
import time

from serving.figures.file import FiguresWatch
from serving.pages.navigation import NAV
from serving.routes.window.first_views import LOOKS


def test_every_page_is_made_ready_once(new_window, monkeypatch, caplog):
    """Asking for the way to sign in begins it; asking again does not; no page fails at it."""
    window = new_window()
    looked = []
    for path, look in LOOKS.items():
        monkeypatch.setitem(LOOKS, path, lambda visit, look=look: (looked.append(visit.path), look(visit)))
    with caplog.at_level(logging.WARNING, "baton.pages"):
        for _ in range(2):
            assert window.client.get("/sign-in").status_code == 200
        end = time.monotonic() + 60
        while len(looked) < len(LOOKS) and time.monotonic() < end:
            time.sleep(0.05)
    assert looked == list(LOOKS)
    assert {path for path, _ in NAV} <= set(looked)
    assert [one.getMessage() for one in caplog.records if one.name == "baton.pages"] == []


def test_without_figures_there_is_nothing_to_make_ready(new_window, tmp_path):
    """An empty installation asks for a key as ever."""
    assert new_window(pages=tmp_path / "none.duckdb").client.get("/sign-in").status_code == 200


def test_newer_figures_are_made_ready_anew(crm, tmp_path):
    """Each file once, and the watch keeps none that was replaced."""
    path = tmp_path / "pages.duckdb"
    shutil.copy(crm.project.pages, path)
    watch = FiguresWatch(path)
    watch.refresh()
    first = watch.take_new()
    assert (first is watch.current, watch.take_new()) == (True, None)
    shutil.copy(crm.project.pages, tmp_path / "newer")
    os.replace(tmp_path / "newer", path)  # noqa: PTH105
    watch.refresh()
    assert first is not watch.take_new() is watch.current
    watch.close()
