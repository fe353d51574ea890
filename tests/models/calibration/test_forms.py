"""What holds of every kind of calibration."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from models.calibration.beta import Beta
from models.calibration.isotonic import Isotonic, fit_isotonic
from models.calibration.kinds import FITS, calibration_from_json
from models.calibration.none import NoCalibration
from models.calibration.platt import Platt
from models.calibration.venn_abers import fit_venn_abers
from models.log_odds import log_odds_of, probability_of
from models.metrics import auc

KINDS = list(FITS)


def world(rows: int = 2000, seed: int = 0, slope: float = 0.6) -> tuple[np.ndarray, np.ndarray]:
    """Return raw scores that are too sure, and what came of them."""
    random = np.random.default_rng(seed)
    raw = random.normal(-1.5, 1.3, rows)
    return raw, random.random(rows) < probability_of(slope * raw - 0.2)


@pytest.mark.parametrize("kind", KINDS)
@given(
    seed=st.integers(0, 10**6),
    rows=st.integers(2, 300),
    slope=st.floats(0, 3),
    coarse=st.booleans(),
)
@settings(max_examples=25, deadline=None)
def test_every_calibration_ranks_as_the_raw_score_does(kind, seed, rows, slope, coarse):
    """Whatever it was fitted to, a higher raw score has a higher probability: steps tie no two leads."""
    raw, label = world(rows, seed, slope)
    raw = np.round(raw, 1) if coarse else raw
    if label.all() or not label.any():
        return
    found = FITS[kind](raw, label, np.ones(rows))
    if found is not None:
        asked = np.unique(np.round(np.concatenate([raw, np.linspace(-8, 8, 200)]), 6))
        assert (np.diff(found.log_odds(asked)) > 0).all()


@pytest.mark.parametrize("kind", KINDS)
def test_a_calibration_changes_no_ranking(kind):
    """The AUC of the calibrated probability is that of the raw score, to the last bit."""
    raw, label = world()
    found = FITS[kind](raw, label, np.ones(2000))
    later, came = world(seed=1)
    assert auc(found.probability(later), came, np.ones(2000)) == auc(later, came, np.ones(2000))


@pytest.mark.parametrize("kind", KINDS)
def test_a_calibration_comes_back_from_json_to_the_last_bit(kind):
    """Written as JSON text and read again it is equal, and so is every probability."""
    raw, label = world()
    found = FITS[kind](raw, label, np.ones(2000))
    again = calibration_from_json(json.loads(json.dumps(found.model_dump(mode="json"))))
    assert again == found
    assert again.probability(raw).tobytes() == found.probability(raw).tobytes()


@pytest.mark.parametrize("kind", KINDS)
def test_a_lead_alone_has_the_probability_it_has_among_others(kind):
    """The endpoint's one lead and the batch's thousands agree to the last bit."""
    raw, label = world()
    found = FITS[kind](raw, label, np.ones(2000))
    alone = [found.probability(raw[row : row + 1])[0] for row in range(200)]
    assert alone == found.probability(raw)[:200].tolist()


@pytest.mark.parametrize("kind", KINDS)
def test_scores_that_are_too_sure_come_to_mean_what_they_say(kind):
    """Each kind brings probabilities near those that the labels were drawn with."""
    raw, label = world(40_000)
    found = FITS[kind](raw, label, np.ones(40_000))
    asked = np.linspace(-3, 0.5, 20)
    assert found.probability(asked) == pytest.approx(probability_of(0.6 * asked - 0.2), abs=0.04)


@pytest.mark.parametrize("kind", KINDS)
def test_a_row_of_double_weight_is_two_rows(kind):
    """Weights count rows: doubling a weight is the same as telling the row twice."""
    raw, label = world(400, seed=1)
    weight = np.where(np.arange(400) < 100, 2.0, 1.0)
    twice = np.concatenate((np.arange(400), np.arange(100)))
    found, told = FITS[kind](raw, label, weight), FITS[kind](raw[twice], label[twice], np.ones(500))
    asked = np.linspace(-4, 2, 30)
    assert found.probability(asked) == pytest.approx(told.probability(asked), abs=2e-3)


def test_without_calibration_the_score_stays_as_it_is():
    """No calibration is the plain probability of the raw score, to the last bit."""
    raw = np.linspace(-20, 20, 41)
    assert NoCalibration().probability(raw).tobytes() == probability_of(raw).tobytes()


def test_beta_with_equal_sides_is_a_line():
    """Where both sides bend alike, beta calibration is Platt's."""
    raw = np.linspace(-5, 5, 21)
    line = Platt(slope=0.7, intercept=-0.2).log_odds(raw)
    assert Beta(up=0.7, down=0.7, intercept=-0.2).log_odds(raw) == pytest.approx(line, abs=1e-12)


def test_isotonic_meets_its_steps_at_their_centres():
    """At the centre of a step the probability is its rate, and half a lead from 0 and 1 at the ends."""
    raw, label = np.arange(8.0), np.array([0, 0, 1, 0, 1, 0, 1, 1], bool)
    found = fit_isotonic(raw, label, np.ones(8))
    assert found.raw == pytest.approx((0.5, 3.5, 6.5))
    assert found.calibrated == pytest.approx(log_odds_of([1 / 16, 0.5, 15 / 16]).tolist())


def test_venn_abers_doubts_where_leads_are_few():
    """Of a handful of leads the merged probability stays nearer to one half than the rate does."""
    raw, label = np.repeat([-1.0, 1.0], 3), np.repeat([False, True], 3)
    low, high = fit_venn_abers(raw, label, np.ones(6)).probability(np.array([-1.0, 1.0]))
    # Among three failures one more conversion makes 1/4: (1/4) / (1 - 0 + 1/4) = 1/5, and the other way 4/5.
    assert (low, high) == pytest.approx((0.2, 0.8))


@pytest.mark.parametrize(
    "data",
    [
        {"kind": "platt", "slope": -1.0, "intercept": 0.0},
        {"kind": "platt", "slope": float("nan"), "intercept": 0.0},
        {"kind": "beta", "up": 0.0, "down": 0.0, "intercept": 1.0},
        {"kind": "isotonic", "raw": [0.0, 1.0], "calibrated": [1.0, 1.0]},
        {"kind": "venn_abers", "raw": [1.0, 0.0], "calibrated": [0.0, 1.0]},
        {"kind": "isotonic", "raw": [], "calibrated": []},
        {"kind": "stairs"},
    ],
)
def test_a_calibration_that_does_not_rise_is_refused(data):
    """A damaged or falling calibration is not read: sales would call the worst leads first."""
    with pytest.raises(ValidationError):
        calibration_from_json(data)


def test_beyond_what_was_seen_the_score_keeps_its_own_distances():
    """Above the highest step and below the lowest one, log-odds rise as the raw score does."""
    steps = Isotonic(raw=(-1.0, 1.0), calibrated=(-2.0, 0.5))
    assert steps.log_odds(np.array([-3.0, 0.0, 4.0])) == pytest.approx([-4.0, -0.75, 3.5])
