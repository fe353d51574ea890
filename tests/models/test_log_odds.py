import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.log_odds import log_odds_of, probability_of


@given(st.floats(-30, 30))
def test_a_probability_is_that_of_the_formula(log_odds: float) -> None:
    """The probability of log-odds x is 1 / (1 + exp(-x)), and x is found again from it."""
    probability = probability_of(log_odds)
    assert probability == pytest.approx(1 / (1 + math.exp(-log_odds)), rel=1e-12)
    if abs(log_odds) < 20:
        assert log_odds_of(probability) == pytest.approx(log_odds, abs=1e-6)


@given(st.floats(allow_nan=False))
def test_a_probability_lies_between_0_and_1(log_odds: float) -> None:
    """However far out the log-odds lie, infinity included, the probability is one, without a warning."""
    with np.errstate(all="raise", under="ignore"):
        assert 0 <= probability_of(log_odds) <= 1


@pytest.mark.parametrize("probability", [0.0, 1.0])
def test_certainty_has_finite_log_odds(probability: float) -> None:
    """A probability of 0 or 1 is kept a billionth away, so that sums of log-odds stay finite."""
    assert abs(log_odds_of(probability)) == pytest.approx(math.log(1e9), rel=1e-6)
