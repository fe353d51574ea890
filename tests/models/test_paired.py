"""Intervals over leads, and what is asked of them again and again."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.metrics import auc, calibration_error
from models.miscalibration import error_by_chance, error_of_weights
from models.paired import chance_of_no_loss, mean_interval, resampled_interval
from models.ranking import auc_of_weights

ROWS = st.lists(
    st.tuples(st.sampled_from([0.05, 0.1, 0.25, 0.5, 0.9]), st.booleans(), st.sampled_from([0.25, 0.5, 1.0])),
    min_size=1,
    max_size=30,
)


def arrays(rows):
    score, label, weight = zip(*rows, strict=True)
    return np.array(score), np.array(label), np.array(weight)


@pytest.fixture
def gains():
    """A gain of each of 2,000 leads, of mean 0.05 and deviation 1."""
    return np.random.default_rng(1).normal(0.05, 1, 2000)


def test_an_interval_is_as_wide_as_theory_says(gains):
    """The bootstrap interval of a mean is about 1.96 standard errors to either side."""
    found = mean_interval(gains, np.ones(2000), np.arange(2000), seed=0)
    assert found.value == pytest.approx(gains.mean())
    assert (found.high - found.low) / 2 == pytest.approx(1.96 * gains.std() / np.sqrt(2000), rel=0.12)


def test_looking_at_a_lead_more_often_makes_nothing_more_certain(gains):
    """Four snapshots of each lead that say the same leave the interval as it is."""
    lead = np.arange(2000)
    once = mean_interval(gains, np.ones(2000), lead, seed=0)
    often = mean_interval(np.repeat(gains, 4), np.full(8000, 0.25), np.repeat(lead, 4), seed=0)
    assert (often.low, often.high) == pytest.approx((once.low, once.high))


def test_fewer_misses_need_a_wider_interval(gains):
    """An interval that may miss less often is wider."""
    usual, wide = (mean_interval(gains, np.ones(2000), np.arange(2000), 0, miss) for miss in (0.05, 0.01))
    assert wide.low < usual.low < usual.high < wide.high


def test_two_ways_to_the_same_interval(gains):
    """The mean, asked as any statistic of the weights, has the very same interval."""
    ones, lead = np.ones(2000), np.arange(2000)
    any_one = resampled_interval(lambda weight: float(weight @ gains / weight.sum()), ones, lead, 0)
    plain = mean_interval(gains, ones, lead, 0)
    assert (any_one.low, any_one.high) == pytest.approx((plain.low, plain.high))


def test_the_chance_agrees_with_the_interval(gains):
    """A gain at the lower bound of a 95 % interval has a chance of 2.5 %, and a mirrored one the rest."""
    ones, lead = np.ones(2000), np.arange(2000)
    interval, chance = chance_of_no_loss(gains, ones, lead)
    assert 0.5 < chance < 1
    assert chance_of_no_loss(-gains, ones, lead)[1] == pytest.approx(1 - chance)
    at_bound = gains - interval.value - (interval.high - interval.value)
    assert chance_of_no_loss(at_bound, ones, lead)[1] == pytest.approx(0.025, abs=0.001)


def test_no_difference_is_no_loss():
    """Of two scorers that say the same neither loses."""
    assert chance_of_no_loss(np.zeros(9), np.ones(9), np.arange(9))[1] == 1


@given(ROWS)
def test_auc_of_weights_is_auc(rows):
    """Asked with the rows' own weights it is the AUC of the metrics, ties and single outcomes included."""
    score, label, weight = arrays(rows)
    np.testing.assert_allclose(auc_of_weights(score, label)(weight), auc(score, label, weight), atol=1e-9)


@given(ROWS)
def test_error_of_weights_is_the_calibration_error(rows):
    """Asked with the rows' own weights it is the calibration error of the metrics."""
    score, label, weight = arrays(rows)
    found = error_of_weights(score, label, weight)(weight)
    np.testing.assert_allclose(found, calibration_error(score, label, weight), atol=1e-9)


def test_true_probabilities_stay_below_what_chance_explains():
    """Of a hundred true scorers about ninety-five stay below the bound, and a false one does not."""
    random, below = np.random.default_rng(2), 0
    for _ in range(100):
        truth = random.uniform(0.02, 0.6, 400)
        label, ones = random.random(400) < truth, np.ones(400)
        below += error_of_weights(truth, label, ones)(ones) <= error_by_chance(truth, ones, np.arange(400), 0)
    assert 88 <= below <= 100
    wrong = truth * 0.6
    assert error_of_weights(wrong, label, ones)(ones) > error_by_chance(wrong, ones, np.arange(400), 0)
