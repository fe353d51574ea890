"""However the leads are cut, and whatever is killed on the way, the training data are the same."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from checked_project import checked_project
from features.moments import DAY, NEVER
from models.training_rows import TrainingRows
from pipeline.project import Project
from pipeline.stages.features import run_features
from pipeline.training import read_lead_ids, read_training_rows, read_young

MANY = 12


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Project:
    """A project whose leads were computed in one part."""
    project = checked_project(tmp_path_factory.mktemp("whole"), partitions=1)
    run_features(project)
    return project


def assert_same(project: Project, other: Project) -> None:
    """The training rows are equal to the last bit and in one order, and so are features and reference."""
    rows, others = read_training_rows(project), read_training_rows(other)
    young, younger = read_young(project), read_young(other)
    assert len(rows) > 1000
    assert len(young.rows) > 100
    assert rows.names == others.names
    assert young.at == younger.at
    assert_same_rows(rows, others)
    assert_same_rows(young.rows, younger.rows)
    assert read_lead_ids(project, rows.lead) == read_lead_ids(other, others.lead)
    for name in ("features.json", "reference.json", "facts.json"):
        assert (project.training / name).read_bytes() == (other.training / name).read_bytes(), name
    assert not list(project.work.rglob("*.parquet"))


def assert_same_rows(rows: TrainingRows, others: TrainingRows) -> None:
    """All that is known of the rows is equal to the last bit."""
    np.testing.assert_array_equal(rows.matrix.view(np.int64), others.matrix.view(np.int64))
    for name in ("label", "weight", "as_of", "lead", "age_days", "reached"):
        np.testing.assert_array_equal(getattr(rows, name), getattr(others, name), err_msg=name)


@pytest.mark.parametrize(("partitions", "workers"), [(3, 1), (3, 2), (16, 2)])
def test_training_data_do_not_depend_on_how_leads_are_cut(whole, tmp_path, partitions, workers):
    """One, three or sixteen parts, one worker or two: the same rows, features and reference."""
    project = checked_project(tmp_path, partitions=partitions, workers=workers)
    run_features(project)
    assert len(list((project.training / "rows").iterdir())) == partitions
    assert_same(project, whole)


def test_leads_are_numbered_in_the_order_of_their_ids(whole):
    """Rows are in order of lead id and moment, and a lead's number leads back to its id."""
    rows = read_training_rows(whole)
    assert (np.lexsort((rows.as_of, rows.lead)) == np.arange(len(rows))).all()
    ids = read_lead_ids(whole, np.unique(rows.lead))
    assert ids == sorted(ids)


def test_each_look_is_mature_or_young(whole):
    """Mature looks are a horizon old when the history is read and young ones are not, and none is both."""
    rows, young = read_training_rows(whole), read_young(whole)
    horizon = whole.agreement.target.within_days * DAY
    assert (rows.as_of + horizon <= young.at).all()
    assert (young.rows.as_of + horizon > young.at).all()
    assert (young.rows.as_of <= young.at).all()
    converted = young.rows.label
    assert converted.any()
    assert (young.rows.reached[converted] <= young.at).all()
    assert (young.rows.reached[~converted] == NEVER).all()


def test_a_killed_stage_goes_on_where_it_stopped(whole, tmp_path):
    """After SIGKILL no worker lives on, and the next run computes only the parts that were missing."""
    project = checked_project(tmp_path, partitions=MANY, workers=2)
    stage = started(project)
    workers = wait_for_parts(project, stage)
    stage.kill()
    stage.wait()
    wait_until(lambda: not any(is_alive(worker) for worker in workers), "the workers end")
    assert not project.training.exists()
    done = when_written(project.work)
    assert 0 < len(done) < MANY
    resumed(project)
    now = when_written(project.training)
    assert {name: now[name] for name in done} == done
    assert_same(project, whole)


def test_a_killed_worker_is_told_and_loses_no_finished_part(whole, tmp_path):
    """A worker that dies ends the stage with what to do next; the next run keeps what is done."""
    project = checked_project(tmp_path, partitions=MANY, workers=2)
    stage = started(project)
    os.kill(wait_for_parts(project, stage)[-1], signal.SIGKILL)
    _, said = stage.communicate(timeout=60)
    assert stage.returncode != 0
    assert "run again, what is done is kept" in said
    done = when_written(project.work)
    assert done
    resumed(project)
    assert {name: when_written(project.training)[name] for name in done} == done
    assert_same(project, whole)


def resumed(project: Project) -> None:
    """Run the stage once more, in one process: how many workers there are is not what the parts depend on."""
    path = project.root / "params.yaml"
    path.write_text(path.read_text().replace("workers: 2", "workers: 1"))
    run_features(Project(project.root))


def started(project: Project) -> subprocess.Popen[str]:
    baton = Path(sys.executable).with_name("baton")
    words = [str(baton), "stage", "features", "--project", str(project.root)]
    return subprocess.Popen(words, stderr=subprocess.PIPE, text=True)


def wait_for_parts(project: Project, stage: subprocess.Popen[str]) -> list[int]:
    """Wait until some parts are done, and return the ids of the processes that work on the others."""
    wait_until(lambda: stage.poll() is not None or len(when_written(project.work)) > 0, "parts are done")
    assert stage.poll() is None, stage.communicate()[1]
    return [child for child in children(stage.pid) if "spawn_main" in command(child)]


def when_written(folder: Path) -> dict[str, int]:
    """Return when each part of the training rows was written."""
    return {path.name: path.stat().st_mtime_ns for path in folder.rglob("rows/part-*.parquet")}


def children(process: int) -> list[int]:
    text = Path(f"/proc/{process}/task/{process}/children").read_text()
    return [int(child) for child in text.split()]


def command(process: int) -> str:
    try:
        return Path(f"/proc/{process}/cmdline").read_text()
    except OSError:
        return ""


def is_alive(process: int) -> bool:
    return "spawn_main" in command(process)


def wait_until(holds, what: str, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, what
        time.sleep(0.005)
