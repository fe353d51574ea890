"""Which months of the past can be replayed."""

from __future__ import annotations

import doctest
from itertools import pairwise

import numpy as np
import pytest

from features.moments import DAY
from models.back_test import periods
from models.back_test.periods import periods_of


def test_examples_hold():
    """What the docstrings show is so."""
    found = doctest.testmod(periods)
    assert (found.failed, found.attempted > 0) == (0, True)


@pytest.mark.parametrize("horizon_days", [1, 20, 45, 90])
@pytest.mark.parametrize("days", [3, 50, 130, 400])
def test_a_periods_outcomes_are_known_and_something_was_before_it(days, horizon_days):
    """Periods follow one another; before each an outcome was known, and of each all are known now."""
    as_of = np.arange(days) * DAY + 11 * DAY
    now = int(as_of[-1])
    kind, found = periods_of(as_of, now, horizon_days)
    assert all(one.start >= as_of[0] + horizon_days * DAY for one in found)
    assert all(one.until + horizon_days * DAY <= now for one in found)
    assert all(early.until == late.start for early, late in pairwise(found))
    lengths = {(one.until - one.start) // DAY for one in found}
    assert lengths <= ({7} if kind == "week" else {28, 30, 31})


def test_months_without_leads_are_no_months():
    """A period in which nobody was looked at is not among them."""
    as_of = np.array([0, 1, 2, 200, 201]) * DAY
    _, found = periods_of(as_of, 400 * DAY, 30)
    assert all(((as_of >= one.start) & (as_of < one.until)).any() for one in found)
    assert found


def test_without_leads_there_is_no_period():
    """Nothing was looked at: there is nothing to replay, and no fault."""
    assert periods_of(np.array([], np.int64), 0, 30) == ("month", ())
