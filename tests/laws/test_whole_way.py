"""From a folder of tables to a bundle, by DVC."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from models.bundle import BundleError, load_bundle
from models.scorer import load_scorer
from pipeline.new_project import make_project
from pipeline.project import Project
from pipeline.sample_crm.writing import write_sample_crm
from pipeline.stages.by_name import run_stages
from pipeline.store import read_json

LEADS, SEED = 2500, 11


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    """A small sample CRM."""
    folder = tmp_path_factory.mktemp("crm") / "sample"
    write_sample_crm(folder, leads=LEADS, seed=SEED)
    return folder


@pytest.fixture(scope="module")
def dvc():
    """Run DVC in a project and return what it printed; a failure shows it."""

    def run(project: Project, *words: str) -> str:
        beside = str(Path(sys.executable).parent)
        environment = {**os.environ, "DVC_NO_ANALYTICS": "1", "PATH": f"{beside}:{os.environ['PATH']}"}
        done = subprocess.run(
            ["dvc", *words], cwd=project.root, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    return run


@pytest.fixture(scope="module")
def new_project(sample):
    """Make a project on the small sample, quick to train."""

    def make(folder: Path) -> Project:
        make_project(folder, None, sample)
        params = yaml.safe_load((folder / "params.yaml").read_text())
        params["snapshots"]["ages_days"] = [0, 14]
        params["train"] |= {"rounds": 40, "threads": 1, "rung": "scorecard_and_trees"}
        params["back_test"]["months"] = 2
        (folder / "params.yaml").write_text(yaml.safe_dump(params))
        return Project(folder)

    return make


@pytest.fixture(scope="module")
def project(new_project, dvc, tmp_path_factory):
    """A project after `dvc repro`."""
    made = new_project(tmp_path_factory.mktemp("whole") / "project")
    dvc(made, "repro")
    return made


def ran(printed: str) -> set[str]:
    return set(re.findall(r"Running stage '(\w+)'", printed))


def test_leaves_metrics_plots_reports_and_a_bundle(project):
    """One `dvc repro` leaves everything that the public face promises."""
    scorers = read_json(project.metrics)["scorers"]
    assert {"baton", "base_rate", "count_rule", "logistic_regression", "best_possible"} == set(scorers)
    assert scorers["baton"]["auc"] > 0.6
    pictures = {path.name for path in project.plots.iterdir()}
    assert {"gains.csv", "gains.svg", "calibration.svg", "importance.csv", "importance.svg"} <= pictures
    assert project.report.stat().st_size > 10_000
    assert "what the model of that time would have said" in project.report.read_text(encoding="utf-8")
    assert read_json(project.hindsight)["months"]
    assert project.card.stat().st_size > 10_000
    assert project.card_for_git.stat().st_size > 5_000
    assert (project.data_docs / "index.html").exists()
    assert load_bundle(project.bundle).facts.rounds == 40


def test_nothing_beats_the_best_possible_score(project):
    """No scorer is better than the best possible one by more than chance: that would be a leak."""
    scorers = read_json(project.metrics)["scorers"]
    best = scorers["best_possible"]
    for name, figures in scorers.items():
        assert figures["log_loss"] > best["log_loss"] - 0.02, name


def test_a_second_repro_runs_nothing(project, dvc):
    """What has not changed is not run again."""
    assert ran(dvc(project, "repro")) == set()


def test_a_grade_boundary_trains_nothing(project, dvc):
    """Other grades run the forward test's counts, bundle, card, report and pages again, and no more."""
    path = project.root / "agreement.yaml"
    before = path.read_text()
    assert "A: 0.4" in before
    try:
        path.write_text(before.replace("A: 0.4", "A: 0.5"))
        told_anew = {"agreement", "evaluate", "bundle", "card", "report", "pages"}
        assert ran(dvc(project, "repro")) == told_anew
        assert load_bundle(project.bundle).agreement.grades["A"] == 0.5
    finally:
        # The next test builds anew what has to be.
        path.write_text(before)


def test_a_hand_off_rule_trains_nothing(project, dvc):
    """Another rule counts the forward test and the past months again, and no model is learned for it."""
    path = project.root / "agreement.yaml"
    before = path.read_text()
    assert "leads_per_week: 50" in before
    said = (project.back_test / "said.parquet").read_bytes()
    months = read_json(project.hindsight)["months"]
    try:
        path.write_text(before.replace("leads_per_week: 50", "leads_per_week: 5"))
        told_anew = {"agreement", "evaluate", "bundle", "hindsight", "card", "report", "pages"}
        assert ran(dvc(project, "repro")) == told_anew
        assert (project.back_test / "said.parquet").read_bytes() == said
        fewer = read_json(project.hindsight)["months"]
        assert [one["expected"] for one in fewer] == [one["expected"] for one in months]
        assert sum(one["handed"]["handed"] for one in fewer) < sum(one["handed"]["handed"] for one in months)
    finally:
        path.write_text(before)
        dvc(project, "repro")


@pytest.mark.parametrize("place", ["mappings/other.yaml", "feedback/stage_changes.parquet"])
def test_an_edited_mapping_and_new_feedback_are_noticed(project, dvc, place):
    """DVC watches the folders of mappings and of feedback."""
    added = project.root / place
    added.write_text("{}")
    try:
        assert "check" in ran(dvc(project, "repro", "--dry"))
    finally:
        added.unlink()


def test_the_same_seed_gives_the_same_bundle(project, new_project, tmp_path):
    """Two runs from the same seed give the same bundle, byte by byte."""
    again = new_project(tmp_path / "again")
    # Without DVC, which adds nothing to it.
    run_stages(again, "bundle")
    assert load_bundle(again.bundle).hash == load_bundle(project.bundle).hash


def made(project: Project, *folders: str) -> dict[str, bytes]:
    """Every file below some folders of the project, by its place."""
    paths = [path for folder in folders for path in (project.root / folder).rglob("*") if path.is_file()]
    return {path.relative_to(project.root).as_posix(): path.read_bytes() for path in sorted(paths)}


def kill_when(project: Project, said: str) -> None:
    """Start `dvc repro` and kill it, with the stage it runs, at the first line that says something."""
    running = subprocess.Popen(
        [str(Path(sys.executable).parent / "dvc"), "repro", "features"],
        cwd=project.root,
        env={**os.environ, "DVC_NO_ANALYTICS": "1", "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    with running:
        assert any(said in line for line in running.stdout), f"nothing said {said}"
        os.killpg(running.pid, signal.SIGKILL)


def test_a_stage_that_was_killed_leaves_nothing_half(project, new_project, dvc, tmp_path):
    """After a repro was killed in the middle of a stage, the next gives what an undisturbed one gives."""
    disturbed = new_project(tmp_path / "disturbed")
    for said in ("holding the tables", "Running stage 'features'"):
        kill_when(disturbed, said)
    dvc(disturbed, "repro", "features")
    folders = ("build/tables", "build/quarantine", "build/training")
    assert made(disturbed, *folders) == made(project, *folders)


@pytest.mark.parametrize("name", ["model.json", "twin.json", "features.json", "facts.json", "manifest.json"])
def test_a_damaged_bundle_is_refused(project, tmp_path, name):
    """A bundle with one flipped byte is not loaded."""
    copy = tmp_path / "bundle"
    copy.mkdir()
    for path in project.bundle.iterdir():
        (copy / path.name).write_bytes(path.read_bytes())
    content = bytearray((copy / name).read_bytes())
    content[len(content) // 2] ^= 1
    (copy / name).write_bytes(bytes(content))
    with pytest.raises(BundleError):
        load_scorer(copy)


def test_bundle_holds_only_text(project):
    """There is no pickle in a bundle: every file is UTF-8 text."""
    for path in project.bundle.iterdir():
        path.read_text(encoding="utf-8")
        assert path.suffix in {".txt", ".json"}


def test_shuffled_rows_give_the_same_scores(project, tmp_path):
    """The order of rows in the tables changes no score."""
    from models.batch import score_history
    from pipeline.store import read_history, write_history

    history = read_history(project.tables)
    as_of = int(pd.Timestamp("2026-06-01", tz="UTC").value // 1000)
    scorer = load_scorer(project.bundle)
    shuffled = {name: frame.sample(frac=1, random_state=5) for name, frame in history}
    write_history(type(history)(**shuffled, absent=history.absent), tmp_path / "shuffled")
    plain = score_history(scorer, history, as_of)
    mixed = score_history(scorer, read_history(tmp_path / "shuffled"), as_of)
    assert len(plain) > 300
    assert plain == mixed


def test_records_of_the_future_change_no_score(project):
    """Scores of a past moment are the same with everything cut off that was recorded later."""
    from models.batch import score_history
    from pipeline.store import read_history

    history = read_history(project.tables)
    moment = pd.Timestamp("2026-03-01", tz="UTC")
    scorer = load_scorer(project.bundle)
    known = history.activities[["occurred_at", "recorded_at"]].max(axis=1) <= moment
    cut = type(history)(
        leads=history.leads[history.leads["created_at"] <= moment],
        activities=history.activities[known],
        stage_changes=history.stage_changes[history.stage_changes["changed_at"] <= moment],
        field_changes=history.field_changes,
        campaigns=history.campaigns,
        opportunities=history.opportunities,
        absent=history.absent,
    )
    whole = score_history(scorer, history, int(moment.value // 1000))
    past = score_history(scorer, cut, int(moment.value // 1000))
    assert len(whole) > 300
    assert [one.probability for one in whole] == [one.probability for one in past]


def test_probabilities_are_probabilities(project):
    """Every probability of the forward test lies strictly between 0 and 1."""
    predicted = pd.read_parquet(project.model / "predictions.parquet")["baton"].to_numpy()
    assert np.all((predicted > 0) & (predicted < 1))
