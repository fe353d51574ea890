from __future__ import annotations

import json
import subprocess
import sys

import numpy as np
import pytest
from sklearn.metrics import average_precision_score

from benchmarks.model_quality import rivals, runs
from benchmarks.model_quality.kept import HOME
from benchmarks.model_quality.prepared import why_absent
from benchmarks.model_quality.runs import Run, runs_of
from benchmarks.model_quality.task import NotRun, Task, Terms
from benchmarks.model_quality.verdict import standings
from models.estimator import EstimatorSettings
from models.ranking import average_precision_of_weights
from models.split import SplitSettings, forward_test
from training import made_up_rows

PLAIN = ("baton", "base_rate", "logistic_regression")


@pytest.fixture(scope="module")
def task():
    rows, split = made_up_rows(), SplitSettings()
    cut = forward_test(rows.as_of, rows.weight, rows.lead, split, horizon_days=30)
    settings = EstimatorSettings(threads=1, max_rounds=40)
    return Task("made_up", rows, rows[cut.train], rows[cut.judged], settings, split, 30)


@pytest.fixture
def terms(tmp_path):
    return Terms(seconds=1, threads=1, seed=7, folder=tmp_path)


def test_baton_and_the_baselines_score_the_same_later_leads(task, terms):
    """What tells leads apart is found: Baton is ahead of the base rate for sure, and nobody is of Baton."""
    found = standings(task.test, {name: runs_of(name, task, [7, 8], terms) for name in PLAIN})
    for metric in ("auc", "average_precision", "log_loss"):
        assert found[metric].leads["base_rate"].low > 0
        assert found[metric].ahead == []
        assert found[metric].verdict in {"first", "within the noise of first"}


def test_only_what_draws_at_random_is_run_with_every_seed(task, terms):
    """Logistic regression gives the same whatever the seed."""
    assert [len(runs_of(name, task, [7, 8], terms)) for name in PLAIN] == [2, 1, 1]


def test_a_run_that_was_stopped_goes_on(task, terms, monkeypatch):
    """What was run stays, what was not is run, and other rows are run anew."""
    before = runs_of("base_rate", task, [7], terms)
    asked = []
    monkeypatch.setattr(runs, "load", lambda name: asked.append(name) or rivals.load(name))
    [again] = runs_of("base_rate", task, [7], terms)
    assert again.seconds == before[0].seconds
    assert np.array_equal(again.probability, before[0].probability)
    runs_of("count_rule", task, [7], terms)
    fewer = Task(**{**vars(task), "train": task.train[np.arange(100)]})
    runs_of("base_rate", fewer, [7], terms)
    assert asked == ["count_rule", "base_rate"]


def test_a_rival_that_is_not_installed_is_left_out_with_a_reason(task, terms, monkeypatch):
    """The others are run all the same."""
    monkeypatch.setattr(rivals, "find_spec", lambda _: None)
    assert runs_of("catboost_default", task, [7], terms) == (
        "catboost is not installed: see the extra `rivals`"
    )


def test_a_rival_that_gives_up_says_why(task, terms, monkeypatch):
    """An environment that cannot be made ends the rival and not the benchmark."""

    def gives_up(*_):
        raise NotRun("there is no room")

    monkeypatch.setattr(runs, "load", lambda _: gives_up)
    assert runs_of("autogluon", task, [7], terms) == "there is no room"


def test_who_is_surely_worse_is_told_to_be_behind(task):
    """A rival that knows the outcomes is ahead of Baton, one that knows nothing is not."""
    truth = np.where(task.test.label, 0.9, 0.1)
    runs_by_name = {
        "baton": [Run(np.full(len(truth), 0.3), "", 0, 0)],
        "knows": [Run(truth, "", 0, 0)],
        "knows_nothing": [Run(np.full(len(truth), 0.3), "", 0, 0)],
    }
    found = standings(task.test, runs_by_name)["log_loss"]
    assert found.verdict == "behind"
    assert found.ahead == ["knows"]
    assert found.rank["knows"] == 1


def test_average_precision_is_that_of_scikit_learn():
    """With weights and with ties."""
    random = np.random.default_rng(1)
    score, label = random.integers(0, 9, 200) / 9, random.random(200) < 0.3
    weight = random.random(200)
    assert average_precision_of_weights(score, label)(weight) == pytest.approx(
        average_precision_score(label, score, sample_weight=weight)
    )


def test_a_set_that_is_absent_is_told_to_be(monkeypatch, tmp_path):
    """Without the public data sets, and with a folder that has not all of them."""
    monkeypatch.delenv("BATON_REAL_DATA", raising=False)
    assert "BATON_REAL_DATA" in why_absent("olist_funnel")
    monkeypatch.setenv("BATON_REAL_DATA", str(tmp_path))
    assert str(tmp_path) in why_absent("olist_funnel")
    assert why_absent("sample_crm") is None


def test_the_benchmark_ends_with_one_json_object(tmp_path):
    """A small sample CRM, made by the stages, and a verdict by each metric."""
    words = ["--sets", "sample_crm", "--leads", "600", "--seeds", "1", "--threads", "1"]
    kept = ["--rivals", "base_rate", "logistic_regression", "--folder", str(tmp_path)]
    run = subprocess.run(
        [sys.executable, "benchmarks/quality.py", *words, *kept],
        cwd=HOME,
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(run.stdout.splitlines()[-1])["sets"]["sample_crm"]
    assert set(found["standings"]) == {"auc", "average_precision", "log_loss"}
    assert set(found["standings"]["auc"]["rank"]) == set(PLAIN)
    assert found["not_run"] == {}
