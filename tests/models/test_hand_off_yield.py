"""What a cut-off brings, against a plain loop, and as laws."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.moments import DAY
from models.cut_off import NOBODY
from models.hand_off_yield import JudgedLeads, yields
from models.paired import mean_interval

PROBABILITIES = st.sampled_from([0.0, 0.2, 0.20000000000000004, 0.7, 1.0]) | st.floats(0, 1)
LOOKS = st.lists(
    st.tuples(PROBABILITIES, st.booleans(), st.integers(0, 6), st.integers(0, 21)), min_size=1, max_size=30
)
CUTS = st.lists(PROBABILITIES | st.just(NOBODY), min_size=1, max_size=5)


def judged(looks) -> JudgedLeads:
    probability, label, lead, day = zip(*looks, strict=True)
    return JudgedLeads.of(
        np.array(probability), np.array(label), np.array(lead), np.array(day, np.int64) * DAY
    )


@given(LOOKS, CUTS)
def test_a_lead_counts_once_by_any_of_its_looks(looks, cuts):
    """A plain loop over leads, each handed off or an SQL by any of its looks, counts the same."""
    owners = {lead for _, _, lead, _ in looks}
    sqls = {lead for _, label, lead, _ in looks if label}
    days = [day for *_, day in looks]
    weeks = max((max(days) - min(days)) / 7, 1)
    for cut, found in zip(cuts, yields(judged(looks), np.array(cuts)), strict=True):
        handed = {lead for probability, _, lead, _ in looks if probability >= cut}
        assert found.handed == len(handed)
        assert found.per_week.value == pytest.approx(len(handed) / weeks)
        assert found.share.value == pytest.approx(len(handed) / len(owners))
        assert found.caught.value == len(handed & sqls)
        assert found.missed.value == len(sqls - handed)
        assert (found.caught_share is None) == (not sqls)
        assert (found.precision is None) == (not handed)
        if found.caught_share:
            assert found.caught_share.value == pytest.approx(len(handed & sqls) / len(sqls))
        if found.precision:
            assert found.precision.value == pytest.approx(len(handed & sqls) / len(handed))


@given(LOOKS, CUTS)
def test_caught_and_missed_are_all(looks, cuts):
    """Whatever the cut-off, every SQL is either caught or missed."""
    leads = judged(looks)
    assert all(one.caught.value + one.missed.value == leads.sqls for one in yields(leads, np.array(cuts)))


@given(LOOKS, CUTS)
def test_a_lower_cut_off_hands_off_no_fewer(looks, cuts):
    """As the cut-off falls neither the leads handed off nor the SQLs caught become fewer."""
    found = yields(judged(looks), -np.sort(-np.array(cuts)))
    assert all(np.diff([one.handed for one in found]) >= 0)
    assert all(np.diff([one.caught.value for one in found]) >= 0)


@given(LOOKS, CUTS)
def test_intervals_hold_their_figure_and_have_width(looks, cuts):
    """Every figure lies in its interval, which even of none or of all is not a single point."""
    for one in yields(judged(looks), np.array(cuts)):
        figures = (one.per_week, one.share, one.caught, one.missed, one.caught_share, one.precision)
        for figure in figures:
            assert figure is None or (figure.low <= figure.value <= figure.high and figure.low < figure.high)


def test_leads_of_one_probability_stay_together():
    """Of leads that share the cut-off's probability all are handed off, in whatever order they come."""
    looks = [(0.5, True, 0, 0), (0.5, False, 1, 0), (0.4, True, 2, 0), (0.5, True, 3, 0)]
    for ordered in (looks, looks[::-1]):
        (found,) = yields(judged(ordered), np.array([0.5]))
        assert (found.handed, found.caught.value, found.missed.value) == (3, 2, 1)


def test_the_intervals_are_those_of_drawing_leads_again():
    """Where leads are many, the bootstrap over leads gives the same intervals to a hundredth."""
    random = np.random.default_rng(3)
    probability, lead = random.random(4000), np.repeat(np.arange(2000), 2)
    label = np.repeat(random.random(2000) < probability.reshape(-1, 2).max(axis=1) / 2, 2)
    (found,) = yields(JudgedLeads.of(probability, label, lead, lead * DAY), np.array([0.7]))
    best = probability.reshape(-1, 2).max(axis=1)
    handed, reached, each = best >= 0.7, label[::2], np.arange(2000)
    pairs = (
        (found.share, handed, np.ones(2000)),
        (found.caught_share, handed, reached),
        (found.precision, reached, handed),
    )
    for interval, figure, weight in pairs:
        drawn = mean_interval(figure.astype(float), weight.astype(float), each, seed=0)
        assert interval is not None
        assert interval.value == pytest.approx(drawn.value)
        assert (interval.low, interval.high) == pytest.approx((drawn.low, drawn.high), abs=0.01)
        assert drawn.high - drawn.low > 0.03
