from __future__ import annotations

import json
import subprocess
import sys

import numpy as np
import pyarrow.parquet as pq
import pytest

from benchmarks.windowed.engines import ENGINES
from benchmarks.windowed.growth import deviation
from benchmarks.windowed.measured import ROOT
from benchmarks.windowed.tables import tables
from benchmarks.windowed.task import COLUMNS, DAY, TYPES, WINDOWS


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return tables(tmp_path_factory.mktemp("windowed"), leads=70, activities=900, a_lead=3)


@pytest.fixture(scope="module")
def expected(small):
    """The columns of each snapshot, counted one activity after the other."""
    done = pq.read_table(small.activities)
    at, lead = done["occurred_at"].cast("int64").to_pylist(), done["lead"].to_pylist()
    did = list(zip(lead, at, done["activity_type"].to_pylist(), strict=True))
    seen = pq.read_table(small.snapshots)
    moments = seen["as_of"].cast("int64").to_pylist()
    return np.array([_row(did, *one) for one in zip(seen["lead"].to_pylist(), moments, strict=True)])


def _row(did, lead, as_of):
    ages = [(kind, as_of - at) for whose, at, kind in did if whose == lead and at <= as_of]
    spans = [*(days * DAY for days in WINDOWS), as_of]
    by_type = [sum(one == kind and age < span for one, age in ages) for span in spans for kind in TYPES]
    of_any = [sum(age < span for _, age in ages) for span in spans]
    known = [[age for one, age in ages if one == kind] for kind in TYPES]
    latest = [min(one) / DAY if one else np.nan for one in [*known, [age for _, age in ages]]]
    return [*by_type, *of_any, *latest]


@pytest.mark.parametrize("name", ENGINES)
def test_every_engine_counts_as_plain_loops_do(name, small, expected):
    """All engines of the benchmark solve the same task: the values of each are those of plain loops."""
    if not ENGINES[name].installed:
        pytest.skip(f"{ENGINES[name].package} is not installed, see the extra `bench`")
    found = np.full((len(expected), len(COLUMNS)), -1.0)

    def keep(values):
        rows, matrix = values()
        found[rows] = matrix

    ENGINES[name].load()(small, keep)
    np.testing.assert_allclose(found, expected, rtol=1e-15, atol=0)


def test_the_benchmark_ends_with_one_json_object(tmp_path):
    """Figures, ratios and equality of one run stand in the last line."""
    words = ["--leads", "200", "--activities", "2000", "--snapshots", "2", "--repeat", "1"]
    engines = ["--engines", "baton", "duckdb", "--folder", str(tmp_path)]
    run = subprocess.run(
        [sys.executable, "benchmarks/features.py", *words, *engines],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    figures = json.loads(run.stdout.splitlines()[-1])
    found = figures["snapshots"]["2"]
    assert figures["features"] == len(COLUMNS)
    assert found["different_values"] == {"duckdb": 0}
    ratio = found["engines"]["duckdb"]["seconds"] / found["engines"]["baton"]["seconds"]
    assert found["times_faster_than_the_fastest"] == pytest.approx(ratio)


def test_growth_along_a_line_does_not_deviate():
    """What grows in proportion, after some time to begin, lies on the line; what bends does not."""
    leads = [1, 2, 4, 8]
    assert deviation(leads, [3 + 2 * one for one in leads]) == pytest.approx(0, abs=1e-9)
    assert deviation(leads, [one**1.5 for one in leads]) > 0.1
