"""Pictures are drawn beside the service, and its end is no end of theirs."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

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
    return Drawing()


@pytest.fixture
def others():
    """Processes that draw for other tests."""
    return all_drawers()


def all_drawers():
    alive = [one for one in psutil.Process().children() if one.status() != psutil.STATUS_ZOMBIE]
    return {one for one in alive if "serving.pages.drawer" in one.cmdline()}


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


def test_what_is_no_chart_is_told_and_the_next_is_drawn(drawing):
    """The fault is that of the chart, not of the process."""
    with pytest.raises(NotDrawnError, match="a chart can be drawn"):
        drawing.svg('{"mark": 7}')
    assert drawing.svg(BARS).startswith("<svg")


def test_it_is_told_none_of_the_settings(drawing, others, monkeypatch):
    """A ledger's password is no business of a process that draws."""
    monkeypatch.setenv("BATON_LEDGER_URL", "postgresql://baton:secret@db/baton")
    drawing.svg(BARS)
    (own,) = all_drawers() - others
    assert not [name for name in own.environ() if name.startswith("BATON_")]
