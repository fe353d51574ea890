"""Intervals of rates and means."""

from __future__ import annotations

import numpy as np
import pytest

from models.intervals import means_by_group, rate_interval
from models.paired import mean_intervals


def test_the_interval_of_a_rate_is_wilsons():
    """10 of 100 lies between .055 and .174, 0 of 10 between 0 and .278, and nobody tells nothing."""
    low, high = rate_interval(np.array([10.0, 0.0, 0.0]), np.array([100.0, 10.0, 0.0]))
    assert low == pytest.approx([0.0552, 0.0, 0.0], abs=1e-4)
    assert high == pytest.approx([0.1744, 0.2775, 1.0], abs=1e-4)


def test_rows_of_one_lead_are_one_observation():
    """Saying everything twice makes no mean surer."""
    draw = np.random.default_rng(1)
    value, group = draw.normal(size=300), draw.integers(0, 3, 300)
    lead = np.arange(300)
    once = means_by_group(value, np.ones(300), group, lead, 3)
    twice = means_by_group(np.tile(value, 2), np.full(600, 0.5), np.tile(group, 2), np.tile(lead, 2), 3)
    assert np.concatenate(once) == pytest.approx(np.concatenate(twice))
    plain = [value[group == place].std(ddof=1) / np.sqrt((group == place).sum()) for place in range(3)]
    assert once[1] == pytest.approx(plain)


def test_one_lead_alone_gives_a_mean_without_an_error():
    """From one lead nobody can say how much leads differ; where there is none, there is no mean."""
    mean, error = means_by_group(np.array([2.0, 4.0]), np.ones(2), np.zeros(2, int), np.zeros(2, int), 2)
    assert mean[0] == 3
    assert np.isnan([mean[1], *error]).all()


def test_an_interval_covers_the_truth_about_as_often_as_it_says():
    """Of 200 samples of leads with three rows each, about ten intervals miss the true mean."""
    hits = 0
    for seed in range(200):
        draw = np.random.default_rng(seed)
        own = draw.exponential(size=60)
        value = (np.repeat(own, 3) + draw.normal(0, 0.1, 180))[:, np.newaxis]
        _, low, high = mean_intervals(value, np.full(180, 1 / 3), np.repeat(np.arange(60), 3), seed)
        hits += int(low[0] <= 1.0 <= high[0])
    assert 175 <= hits <= 198


def test_the_same_leads_are_drawn_for_every_column():
    """A column that is another one plus a constant has the same interval, shifted: draws are paired."""
    draw = np.random.default_rng(2)
    value = draw.normal(size=(50, 1))
    mean, low, high = mean_intervals(np.hstack([value, value + 1]), np.ones(50), np.arange(50), 7)
    for figure in (mean, low, high):
        assert figure[1] - figure[0] == pytest.approx(1.0)
