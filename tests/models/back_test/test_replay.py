"""The models of the past know only what was known then."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from back_test_world import HORIZON_DAYS, LEARNER, months_of
from features.moments import DAY
from models.back_test.hindsight import during
from models.back_test.replay import Replay, known_at, replay, young_at
from models.learning import learn
from models.training_rows import TrainingRows
from training import made_up_rows, rows_of, with_other_outcomes


@pytest.fixture(scope="module")
def rows() -> TrainingRows:
    """Rows of a company with something to learn."""
    return made_up_rows()


@pytest.fixture(scope="module")
def done(rows) -> Replay:
    """Its four newest months, replayed."""
    return replay(rows, months_of(rows), LEARNER)


def test_what_comes_later_changes_nothing_of_a_months_model(rows, done):
    """Outcomes not yet known at its begin, and all later rows, do not reach what a month's model says."""
    periods = months_of(rows)
    for number, period in enumerate(periods):
        changed = with_other_outcomes(rows, period.start, HORIZON_DAYS)
        assert (changed.label != rows.label).any()
        past = changed[np.flatnonzero(rows.as_of < period.until)]
        again = replay(past, periods[: number + 1], LEARNER)
        then, now = (one.served[number] for one in (again, done))
        assert then == now
        own = during(done.said[number], period, rows)
        assert again.said[number].probability.tobytes() == own.probability.tobytes()
        assert again.counted[number].probability.tobytes() == done.counted[number].probability.tobytes()
        early, late = (one.tested[now.searched].probability for one in (again, done))
        assert early.tobytes() == late.tobytes()


def test_what_was_known_then_does_change_it(rows, done):
    """An outcome that was known does reach the model, or the law above could not fail."""
    (period,) = months_of(rows, 1)
    known = rows.as_of + HORIZON_DAYS * DAY <= period.start
    turned = replace(rows, label=np.where(known, ~rows.label, rows.label))
    again = replay(turned, [period], LEARNER)
    assert not np.allclose(again.said[-1].probability, done.said[-1].probability)


def test_a_search_is_the_whole_training_of_that_time(rows, done):
    """What stage train would have learned from a history cut off then says the very same."""
    period = done.served[0].period
    past = np.flatnonzero(rows.as_of <= period.start - HORIZON_DAYS * DAY)
    young = young_at(rows, period.start, HORIZON_DAYS)
    assert len(young.rows) > 0
    found = learn(rows[past], LEARNER.estimator, LEARNER.split, HORIZON_DAYS, baselines={}, young=young)
    said = done.said[0]
    own = found.calibration.probability(found.model.log_odds(rows.matrix[said.rows]))
    assert said.probability.tobytes() == own.tobytes()
    tested = done.tested[period.name]
    assert tested.rows.tolist() == past[found.test].tolist()
    assert tested.probability.tobytes() == found.predicted["baton"].tobytes()


def test_recipes_are_searched_every_so_often(rows, done):
    """Every second model searches; the one between learns from more leads by the same recipe."""
    names = [one.period.name for one in done.served]
    assert [one.searched for one in done.served] == [names[0], names[0], names[2], names[2]]
    assert done.served[1].rung == done.served[0].rung
    assert all(early.snapshots < late.snapshots for early, late in pairwise(done.served))
    assert not np.array_equal(
        *(during(done.said[model], done.served[1].period, rows).probability for model in (0, 1))
    )


def test_known_is_what_is_a_horizon_old():
    """A snapshot is known from the moment on when its horizon has passed."""
    rows = rows_of({"x": [0, 0, 0]}, [True, False, True], as_of=np.array([0, 1, 2]) * DAY)
    assert known_at(rows, 31 * DAY, 30).tolist() == [0, 1]
    assert young_at(rows, 31 * DAY, 30).rows.as_of.tolist() == [2 * DAY]


def test_too_little_history_is_said_and_no_fault(rows):
    """A month before which nothing could be learned has its reason, and the others are replayed."""
    months = months_of(rows, 99)
    done = replay(rows, [months[0], months[-1]], LEARNER)
    assert [one.period for one in done.served] == [months[-1]]
    assert "Next: " in done.too_early[months[0].name]
