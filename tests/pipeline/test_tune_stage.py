"""The stage tune: what it hands to the stage train."""

from __future__ import annotations

import pytest

from checked_project import checked_project
from data_checks.errors import BatonError
from judged_projects import with_params
from models.estimator import EstimatorSettings
from models.tuning import Tuned
from pipeline.project import Project
from pipeline.stages.features import run_features
from pipeline.stages.train import run_train
from pipeline.stages.tune import run_tune
from pipeline.store import read_json, write_json


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A small project with features."""
    folder = tmp_path_factory.mktemp("tuned") / "project"
    checked_project(folder, workers=1, windows_days=[7])
    made = with_params(folder, train={"threads": 1, "max_rounds": 10, "rung": "trees"})
    run_features(made)
    return made


def test_without_trials_the_settings_go_through(project: Project) -> None:
    """By default nothing is searched: the model is trained with what params.yaml says."""
    run_tune(project)
    assert read_json(project.tuned)["settings"] == project.params.train.model_dump(mode="json")
    assert project.studies.is_dir()
    assert not list(project.studies.iterdir())


def test_a_search_is_kept_beside_what_it_found(project: Project) -> None:
    """With trials, the file says what was tried, and the record stays for the next run."""
    asked = with_params(project.root, tune={"trials": 2})
    for _ in range(2):
        run_tune(asked)
        found = read_json(asked.tuned)
        assert len(found["trials"]) == 2
        assert found["text"].startswith("Of 2 settings tried on forward folds")
    assert (asked.studies / "trials.db").exists()


def test_a_model_is_trained_with_what_was_tuned(project: Project) -> None:
    """Training heeds the tuned settings, not those that the search began with."""
    settings = EstimatorSettings(threads=1, max_rounds=10, rounds=3, rung="trees", num_leaves=3)
    write_json(Tuned(settings, text="Tuned.").to_json(), project.tuned)
    run_train(project)
    learned = read_json(project.model / "learned.json")
    assert (learned["tuning"], learned["settings"]["num_leaves"]) == ("Tuned.", 3)
    assert "[num_leaves: 3]" in read_json(project.model / "model.json")["trees"]


def test_without_the_stage_training_says_what_to_run(project: Project) -> None:
    """Training by hand before anything was settled is refused, with the command to run."""
    project.tuned.unlink()
    with pytest.raises(BatonError, match="dvc repro"):
        run_train(project)
