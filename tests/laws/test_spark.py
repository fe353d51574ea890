"""A cluster of two executors on this machine gives what the local engine gives, to the last bit."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from checked_project import checked_project
from pipeline.parts.spark import MASTER
from pipeline.project import Project
from pipeline.stages.features import run_features
from pipeline.training import read_training_rows, read_young
from tiny_source import make_tiny_source, scored

pytest.importorskip("pyspark", reason="the extra `spark` is not installed")
if not os.environ.get("JAVA_HOME") and shutil.which("java") is None:
    pytest.skip("there is no Java, which Spark runs on", allow_module_level=True)

CLUSTER = "local-cluster[2,1,1024]"
PARTS = 6
PATIENCE = 400


@pytest.fixture(scope="module", autouse=True)
def cluster(tmp_path_factory):
    """A cluster of two executors, each a process of its own with Python workers of its own."""
    before = dict(os.environ)
    os.environ[MASTER] = CLUSTER
    os.environ["SPARK_WORKER_DIR"] = str(tmp_path_factory.mktemp("executors"))
    yield
    from pyspark.sql import SparkSession

    session = SparkSession.getActiveSession()
    if session:
        session.stop()
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Project:
    """The project as the local engine computes it, in one part."""
    project = checked_project(tmp_path_factory.mktemp("whole"), partitions=1)
    run_features(project)
    return project


def assert_same(project: Project, other: Project) -> None:
    """The training rows are equal to the last bit and in one order, and so are features and reference."""
    for read in (read_training_rows, lambda one: read_young(one).rows):
        rows, others = read(project), read(other)
        np.testing.assert_array_equal(rows.matrix.view(np.int64), others.matrix.view(np.int64))
        for name in ("label", "weight", "as_of", "lead", "age_days", "reached"):
            np.testing.assert_array_equal(getattr(rows, name), getattr(others, name), err_msg=name)
    for name in ("features.json", "reference.json", "facts.json"):
        assert (project.training / name).read_bytes() == (other.training / name).read_bytes(), name


def test_an_executor_that_is_killed_costs_no_row_and_doubles_none(whole, tmp_path):
    """With an executor killed in the midst of the work, Spark tries again and the result is the same."""
    project = checked_project(tmp_path, engine="spark", partitions=PARTS)
    baton = Path(sys.executable).with_name("baton")
    words = [str(baton), "stage", "features", "--project", str(project.root)]
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True) as stage:
        try:
            wait_until(lambda: stage.poll() is not None or some_parts(project), "parts are done")
            assert stage.poll() is None, stage.communicate()[1]
            killed = executors(stage.pid)
            assert len(killed) == 2
            os.kill(killed[0], signal.SIGKILL)
            _, said = stage.communicate(timeout=PATIENCE)
            assert stage.returncode == 0, said
        finally:
            stage.kill()
    assert_same(project, whole)


def test_a_cluster_computes_the_same_training_data(whole, tmp_path):
    """Executors of another process cut and compute what one process does."""
    project = checked_project(tmp_path, engine="spark", partitions=3)
    run_features(project)
    assert len(list((project.training / "rows").iterdir())) == 3
    assert_same(project, whole)


def test_a_cluster_gives_the_same_scores(tmp_path):
    """`baton score --engine spark` writes the scores that `baton score` does."""
    source = make_tiny_source(tmp_path / "source")
    here = scored(source, tmp_path / "here")
    there = scored(source, tmp_path / "there", "--engine", "spark", "--partitions", "3")
    pd.testing.assert_frame_equal(there, here, check_exact=True)


def some_parts(project: Project) -> bool:
    return any(project.work.rglob("rows/part-*.parquet"))


def executors(process: int) -> list[int]:
    """Return the processes below this one that are executors of Spark."""
    found = [process]
    for one in found:
        # A child belongs to the thread that started it.
        for children in Path(f"/proc/{one}/task").glob("*/children"):
            found += [int(child) for child in children.read_text().split()]
    return [one for one in found if "CoarseGrainedExecutorBackend" in command(one)]


def command(process: int) -> str:
    try:
        return Path(f"/proc/{process}/cmdline").read_text()
    except OSError:
        return ""


def wait_until(holds, what: str, seconds: float = PATIENCE) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, what
        time.sleep(0.02)
