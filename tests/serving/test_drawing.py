"""Pictures are drawn beside the service, and its end is no end of theirs."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import psutil
import pytest

from serving.pages.drawing import Drawing, NotDrawnError

BARS = json.dumps(
    {
        "data": {"values": [{"a": "x < y", "b": 2}]},
        "mark": "bar",
        "encoding": {"y": {"field": "a"}, "x": {"field": "b", "type": "quantitative"}},
    }
)


@pytest.fixture
def drawing(others):
    """Pictures drawn by a process of its own."""
    made = Drawing()
    yield made
    made.close()


@pytest.fixture
def others():
    """Processes that draw for other tests."""
    return all_drawers()


def all_drawers():
    found = set()
    for one in psutil.Process().children():
        with suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
            if "serving.pages.drawer" in one.cmdline():
                found.add(one)
    return found


def test_a_specification_becomes_a_picture(drawing, others):
    """What it holds is escaped, and a second one comes from the same process."""
    first = drawing.svg(BARS)
    (own,) = all_drawers() - others
    assert first.startswith("<svg")
    assert "x &lt; y" in first
    assert drawing.svg(BARS) == first
    assert all_drawers() - others == {own}


def test_threads_take_turns(drawing):
    """Each gets its own picture."""
    specs = [BARS.replace("x < y", f"name {number}") for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(drawing.svg, specs))
    assert all(f"name {number}" in svg for number, svg in enumerate(found))


def test_a_process_that_was_killed_is_started_again(drawing, others):
    """Nobody who asks for a page notices."""
    drawing.svg(BARS)
    (own,) = all_drawers() - others
    own.kill()
    assert drawing.svg(BARS).startswith("<svg")


def test_a_picture_that_takes_too_long_is_given_up_once():
    """Whoever waits for the next one does not wait twice as long."""
    drawing = Drawing(seconds=0.05)
    with pytest.raises(NotDrawnError, match=r"none after 0\.05 s"):
        drawing.svg(BARS)
    drawing.close()


def test_what_is_no_chart_is_told_and_the_next_is_drawn(drawing):
    """The fault is that of the chart, not of the process."""
    with pytest.raises(NotDrawnError, match="a chart can be drawn"):
        drawing.svg('{"mark": 7}')
    assert drawing.svg(BARS).startswith("<svg")


def test_it_is_told_none_of_the_settings(drawing, others, monkeypatch):
    """A ledger's password is no business of a process that draws."""
    for name in ("BATON_LEDGER_URL", "baton_ledger_url", "PGPASSWORD", "MLFLOW_TRACKING_PASSWORD"):
        monkeypatch.setenv(name, "postgresql://baton:secret@db/baton")
    drawing.svg(BARS)
    (own,) = all_drawers() - others
    assert not [name for name, value in own.environ().items() if "secret" in value]
