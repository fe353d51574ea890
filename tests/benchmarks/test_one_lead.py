from __future__ import annotations

import json
import subprocess
import sys

import pytest

from benchmarks.single_lead.rivals import Count, by_pandas, by_polars
from benchmarks.windowed.measured import ROOT
from features.lead_input import Activity, LeadInput
from features.moments import DAY, NEVER

COUNTS = [
    Count(column, kind, length)
    for column, (kind, length) in enumerate(
        (kind, length) for kind in ("demo", "visit", None) for length in (DAY, 7 * DAY, NEVER)
    )
]
NOW = 20_000 * DAY
LEAD = LeadInput(
    "L-1",
    NOW,
    {},
    (
        Activity("Visit", NOW, NOW),
        Activity(" demo", NOW - DAY, NOW - DAY),
        Activity("Visit", NOW - 6 * DAY, NOW - 5 * DAY),
        Activity("Other", NOW - 30 * DAY, NOW - 30 * DAY),
        Activity("Meeting", NOW - 1, NOW - 1),
        Activity("Visit", NOW - 1, NOW + 1),
    ),
)


@pytest.mark.parametrize("rival", [by_pandas, by_polars])
def test_a_rival_counts_what_was_known(rival):
    """In a window are activities younger than it, of those that happened and were written down by then."""
    if rival is by_polars:
        pytest.importorskip("polars", reason="polars is not installed, see the extra `bench`")
    assert list(rival(COUNTS, ["meeting"])(LEAD)) == [0, 1, 1, 1, 2, 2, 1, 3, 4]


def test_the_benchmark_ends_with_one_json_object():
    """The rival gave the same counts, and median and 99th percentile stand in the last line."""
    words = ["--leads", "500", "--calls", "120", "--rival", "pandas"]
    run = subprocess.run(
        [sys.executable, "benchmarks/one_lead.py", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    figures = json.loads(run.stdout.splitlines()[-1])
    assert figures["features"] > figures["rival_features"] > 10
    for engine in figures["engines"].values():
        assert 0 < engine["median_ms"] <= engine["p99_ms"]
