from __future__ import annotations

import numpy as np
import pytest

from benchmarks.few_conversions import measured, small_history
from benchmarks.model_quality.task import Task
from data_checks.errors import BatonError
from models.baselines import BASELINES
from models.estimator import EstimatorSettings
from models.split import SplitSettings, forward_test
from training import made_up_rows


@pytest.fixture(scope="module")
def task():
    rows, split = made_up_rows(4000), SplitSettings()
    cut = forward_test(rows.as_of, rows.weight, rows.lead, split, horizon_days=30)
    settings = EstimatorSettings(threads=1, max_rounds=40)
    return Task("made_up", rows, rows[cut.train], rows[cut.judged], settings, split, 30)


def test_a_history_has_so_many_leads_that_converted_with_all_their_snapshots(task):
    """Another draw is another history."""
    histories = [small_history(task.train, 50, draw) for draw in (0, 1)]
    for history in histories:
        assert len(np.unique(history.lead[history.label])) == 50
        assert len(history) == np.isin(task.train.lead, history.lead).sum()
    assert not np.array_equal(histories[0].lead, histories[1].lead)


def test_a_history_that_cannot_be_drawn_is_refused(task):
    """The message tells how many leads there are."""
    with pytest.raises(BatonError, match="draw a larger sample CRM"):
        small_history(task.train, 100_000, 0)


def test_baton_is_held_against_the_best_baseline_of_the_same_history(task):
    """Of two hundred conversions both make more than the base rate."""
    found = measured(task, 200, draw=0, threads=1)
    for metric in ("log_loss", "auc"):
        assert found[metric]["low"] <= found[metric]["lead"] <= found[metric]["high"]
        values = found[metric]["values"]
        best = (max if metric == "auc" else min)(BASELINES, key=values.__getitem__)
        assert found[metric]["best"] == best != "base_rate"
        assert abs(found[metric]["lead"]) == pytest.approx(abs(values["baton"] - values[best]))
        assert (values["baton"] > values["base_rate"]) == (metric == "auc")
