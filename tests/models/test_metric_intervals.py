"""The model card's figures against the metrics that everything else tells."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from gate_world import World
from models.calibration_bands import ENDS, calibration_bands
from models.intervals import ratio_interval
from models.look_rates import rate_of_looks
from models.metric_intervals import FIGURES, metric_intervals
from models.metrics import all_metrics


@pytest.fixture(scope="module")
def window():
    """Two looks at each of some leads, the second of which says nearly the same."""
    world = World(600)
    once = world.window(np.round(world.guess(0.5), 2))
    return once[np.repeat(np.arange(600), 2)]


def test_every_figure_is_that_of_the_metrics_and_within_its_interval(window):
    """Ties included, each scorer's figures are those that metrics.json tells."""
    scores = {"own": window.own, **window.others}
    found = metric_intervals(scores, window.label, window.weight, window.lead, 3)
    for name, said in scores.items():
        true = all_metrics(said, window.label, window.weight, 0.1)
        assert {one: found[name][one].value for one in FIGURES} == pytest.approx(
            {one: true[one] for one in FIGURES}
        )
        assert found[name]["auc"].low <= found[name]["auc"].value <= found[name]["auc"].high


def test_without_a_conversion_what_needs_one_is_missing_and_nothing_fails(window):
    """AUC and average precision are NaN where nobody converted; the other figures are told."""
    none = np.zeros(len(window), bool)
    found = metric_intervals({"own": window.own}, none, window.weight, window.lead, 3)["own"]
    assert np.isnan([found["auc"].value, found["average_precision"].value]).all()
    assert found["log_loss"].low <= found["log_loss"].value <= found["log_loss"].high


def test_a_rate_of_looks_is_no_surer_for_looking_twice(window):
    """The interval is that of as many leads, however often each is looked at; twice 0 is not certain."""
    once = window[np.arange(0, 1200, 2)]
    twice, single = (rate_of_looks(one.label, one.weight, one.lead) for one in (window, once))
    assert (twice.low, twice.high) == pytest.approx((single.low, single.high))
    nobody = rate_of_looks(np.zeros(20, bool), np.ones(20), np.arange(20) // 2)
    assert nobody.value == nobody.low == 0
    assert nobody.high == pytest.approx(0.278, abs=0.001)


def test_bands_are_those_of_a_plain_loop(window):
    """Each look is in the one band that its probability lies in, and the band's rate is that of its looks."""
    bands = {(one.begin, one.end): one for one in calibration_bands(window)}
    seen = 0
    for begin, end in pairwise(ENDS):
        rows = [row for row, said in enumerate(window.own) if begin <= said < end or said == end == 1]
        if rows:
            band = bands[begin, end]
            assert (band.looks, band.leads) == (len(rows), len({window.lead[row] for row in rows}))
            assert band.rate.value == pytest.approx(np.mean([window.label[row] for row in rows]))
            assert band.said == pytest.approx(np.mean([window.own[row] for row in rows]))
            seen += len(rows)
    assert seen == len(window)


def test_the_interval_of_a_ratio_covers_the_truth_about_as_often_as_it_says():
    """Of 400 ratios of samples with rates .1 and .2 about twenty miss, and one of nobody has ends."""
    draw = np.random.default_rng(4)
    pairs = zip(draw.binomial(150, 0.1, 400), draw.binomial(300, 0.2, 400), strict=True)
    found = [ratio_interval(won, 150, other, 300) for won, other in pairs]
    assert 365 <= sum(low <= 0.5 <= high for low, high in found) <= 395
    low, high = ratio_interval(0, 50, 20, 50)
    assert 0 < low < 0.1 < high < 1
