"""Rates of many groups: within a horizon, drawn toward all, and told apart though one has looked at many."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.horizon_rates import horizon_rates
from models.intervals import rate_interval
from models.rate_differences import difference_interval, errors_for, exact_interval
from models.shrinkage import Prior, fit_prior
from models.waiting_times import waiting_times

HORIZON = 90


def by_day(days, inside):
    return np.bincount(days[inside].astype(int), minlength=HORIZON + 1).astype(float)[None]


@given(st.lists(st.tuples(st.integers(0, 150), st.booleans()), min_size=1, max_size=60))
def test_a_group_has_the_rate_that_its_waiting_times_have(leads):
    """Counted by day, the share within the horizon and its median are those of the leads one by one."""
    days = np.array([float(day) for day, _ in leads])
    went = np.array([came for _, came in leads])
    seen_whole = ~went & (days >= HORIZON)
    found = horizon_rates(
        by_day(days, went & (days <= HORIZON)),
        by_day(days, ~went & ~seen_whole),
        np.array([len(leads)], float),
    )
    times = waiting_times(np.where(seen_whole, np.inf, days), went)
    assert found.share[0] == pytest.approx(times.at(HORIZON)[0])
    median = times.quantile(0.5, HORIZON)
    assert (median is None and np.isnan(found.median[0])) or median == found.median[0]


def test_without_young_leads_the_effective_number_is_that_of_the_leads():
    """Where all leads had their days, the rate is a plain share of as many leads, with Wilson's interval."""
    went = np.zeros((2, HORIZON + 1))
    went[0, [3, 10, 50]], went[1, 7] = [4, 5, 1], 0
    found = horizon_rates(went, np.zeros_like(went), np.array([40.0, 12.0]))
    assert found.share.tolist() == pytest.approx([0.25, 0.0])
    assert found.effective.tolist() == pytest.approx([40, 12])
    assert np.allclose(found.interval(), rate_interval(np.array([10.0, 0]), np.array([40.0, 12])))


def test_young_leads_tell_less_than_others():
    """A group of which half is young has an effective number between its old leads and all."""
    went, left = np.zeros((1, HORIZON + 1)), np.zeros((1, HORIZON + 1))
    went[0, 20], left[0, 45] = 10, 50
    found = horizon_rates(went, left, np.array([100.0]))
    assert 40 < found.effective[0] <= 100
    none = horizon_rates(np.zeros_like(went), left, np.array([50.0]))
    assert (none.share[0], none.effective[0]) == (0, 0), (
        "only young leads, none of whom went on, tell nothing"
    )


def test_the_prior_is_that_of_the_formula():
    """The weight is Kleinman's moment estimate, worked out here group by group."""
    won, leads, rate = [30, 12, 45, 2], [100, 120, 150, 40], 89 / 410
    apart = sum(n * (w / n - rate) ** 2 for w, n in zip(won, leads, strict=True)) / (rate * (1 - rate))
    between = (apart - 3) / (410 - sum(n * n for n in leads) / 410 - 3)
    prior = fit_prior(np.array(won, float), np.array(leads, float), rate)
    assert prior.leads == pytest.approx((1 - between) / between)
    shrunk = prior.shrunk(np.array([2.0]), np.array([40.0]))[0]
    assert shrunk == pytest.approx((2 + rate * prior.leads) / (40 + prior.leads))
    assert 2 / 40 < shrunk < rate


def test_the_prior_finds_the_spread_that_groups_were_drawn_with():
    """Of many groups with rates from a beta distribution that weighs 50 leads, it weighs about as much."""
    random = np.random.default_rng(3)
    leads = random.integers(20, 400, 2000).astype(float)
    won = random.binomial(leads.astype(int), random.beta(10, 40, 2000)).astype(float)
    assert fit_prior(won, leads, 0.2).leads == pytest.approx(50, rel=0.15)


def test_groups_no_further_apart_than_chance_weigh_as_much_as_all_leads():
    """Neither equal groups, nor a single one, nor none, make the weight infinite or negative."""
    for won, leads in (([20.0, 20, 20], [100.0, 100, 100]), ([20.0], [100.0]), ([], [])):
        prior = fit_prior(np.array(won), np.array(leads), 0.2)
        assert prior.leads == sum(leads)
        assert np.isfinite(prior.shrunk(np.array(won), np.array(leads))).all()


def test_the_interval_holds_the_rate_and_is_narrower_than_without_a_prior():
    """Beta quantiles lie around the shrunk rate, and further out for more standard errors."""
    prior, won, leads = Prior(0.2, 60.0), np.array([0.0, 5, 30]), np.array([10.0, 20, 100])
    low, high = prior.interval(won, leads)
    wide_low, wide_high = prior.interval(won, leads, errors_for(100))
    middle = prior.shrunk(won, leads)
    assert ((wide_low < low) & (low < middle) & (middle < high) & (high < wide_high)).all()
    plain = rate_interval(won, leads)
    assert (high - low < plain[1] - plain[0]).all()


def test_a_difference_is_newcombes():
    """The example of Newcombe's paper: 56 of 70 against 48 of 80, method 10."""
    won, leads = np.array([56.0, 48.0]), np.array([70.0, 80.0])
    low, high = rate_interval(won, leads)
    share = won / leads
    ends = difference_interval(share[:1], (low[:1], high[:1]), share[1:], (low[1:], high[1:]))
    assert [float(end[0]) for end in ends] == pytest.approx([0.0524, 0.3339], abs=5e-5)


@pytest.mark.parametrize(("least", "most", "rate"), [(20, 60, 0.05), (20, 300, 0.2), (100, 1000, 0.2)])
def test_looking_at_many_equal_groups_seldom_finds_one_that_differs(least, most, rate):
    """Of 600 times that one looks at 60 groups of equal rate, at most one in 20 finds any that differs."""
    random = np.random.default_rng(11)
    errors, alarms = errors_for(60), 0
    for _ in range(600):
        leads = random.integers(least, most, 60).astype(float)
        won = random.binomial(leads.astype(int), rate).astype(float)
        rest_won, rest = won.sum() - won, leads.sum() - leads
        low, high = difference_interval(
            won / leads,
            exact_interval(won, leads, errors),
            rest_won / rest,
            exact_interval(rest_won, rest, errors),
        )
        alarms += bool((low > 0).any() or (high < 0).any())
    assert alarms <= 30


def test_an_exact_interval_is_that_of_the_binomial():
    """Its ends are where as few or as many would come by as small a chance; nobody and everybody are ends."""
    low, high = exact_interval(np.array([4.0, 0, 10]), np.array([20.0, 10, 10]), errors_for(1))
    assert low.tolist() == pytest.approx([0.0573, 0, 0.6915], abs=5e-5)
    assert high.tolist() == pytest.approx([0.4366, 0.3085, 1], abs=5e-5)
