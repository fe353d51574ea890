"""The ruler: zero for the best, positive for the rest, an alarm for those who know too much."""

from __future__ import annotations

import numpy as np
import pytest

from data_checks.errors import BatonError
from pipeline.sample_crm.ruler import gap_to_best

ROWS = 6_000


@pytest.fixture(scope="module")
def world():
    rng = np.random.default_rng(0)
    best = 1 / (1 + np.exp(-rng.normal(-1.5, 1.2, ROWS)))
    return best, rng.random(ROWS) < best, np.arange(ROWS), rng


def test_the_best_has_no_gap(world):
    """The best possible score is at no distance from itself and leaks nothing."""
    best, reached, leads, _ = world
    gap = gap_to_best(best, best, reached, leads)
    assert (gap.distance, gap.excess, gap.leak, gap.leaking) == (0, 0, 0, False)


def test_a_worse_score_has_a_gap(world):
    """A score that knows less is at a distance, which the outcomes confirm, and it does not leak."""
    best, reached, leads, rng = world
    worse = 1 / (1 + np.exp(-(np.log(best / (1 - best)) * 0.6 - 0.5 + rng.normal(0, 0.4, ROWS))))
    gap = gap_to_best(best, worse, reached, leads)
    assert gap.distance > 0.01
    assert abs(gap.excess - gap.distance) < 3 * gap.excess_error
    assert not gap.leaking


def test_knowing_the_outcome_is_an_alarm(world):
    """A score that saw a little of the outcome leaks, even if its log-loss is worse than the best."""
    best, reached, leads, rng = world
    noisy = np.log(best / (1 - best)) + rng.normal(0, 0.9, ROWS)
    peeked = 1 / (1 + np.exp(-(noisy + 0.4 * (reached - best))))
    gap = gap_to_best(best, peeked, reached, leads)
    assert gap.excess > 0
    assert gap.leaking
    clear = 1 / (1 + np.exp(-(np.log(best / (1 - best)) + 3.0 * (reached - 0.5))))
    assert gap_to_best(best, clear, reached, leads).excess < 0


def test_snapshots_of_one_lead_count_once(world):
    """Repeating every snapshot of the same leads makes no figure surer."""
    best, reached, leads, _ = world
    score = np.full(ROWS, reached.mean())
    once = gap_to_best(best, score, reached, leads)
    thrice = gap_to_best(*(np.tile(column, 3) for column in (best, score, reached, leads)))
    assert thrice.leak == pytest.approx(once.leak)
    assert thrice.excess_error == pytest.approx(once.excess_error)
    assert thrice.distance == pytest.approx(once.distance)


def test_no_false_alarms():
    """Of honest scores of honest worlds hardly one in a hundred raises the alarm."""
    rng = np.random.default_rng(8)
    alarms = 0
    for _ in range(200):
        best = rng.beta(1, 4, 800)
        scores = np.clip(best * rng.uniform(0.5, 1.5, 800), 0.01, 0.99)
        alarms += gap_to_best(best, scores, rng.random(800) < best, np.arange(800)).leaking
    assert alarms <= 2


def test_closed_leads_are_refused():
    """A snapshot without a best score is an error, not a number."""
    with pytest.raises(BatonError, match="only open leads"):
        gap_to_best([0.2, np.nan], [0.3, 0.3], [0, 1], ["a", "b"])
