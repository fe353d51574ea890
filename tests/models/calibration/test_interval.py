"""The interval of a probability holds what it says it holds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from pydantic import ValidationError

from models.calibration.forward_scores import ForwardScores
from models.calibration.interval import LEVEL, RateInterval
from models.calibration.measured_interval import measured_interval
from models.calibration.none import NoCalibration
from models.calibration.platt import Platt
from models.log_odds import log_odds_of, probability_of

FOLDS, LOOKS = 4, 3


def period(
    random: np.random.Generator, leads: int, shift: float, slope: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return raw scores of some leads' looks, and the log-odds that were true of them."""
    raw = np.repeat(random.normal(-2, 1, leads), LOOKS) + random.normal(0, 0.4, leads * LOOKS)
    return raw, shift - 2 + slope * (raw + 2)


def history(random: np.random.Generator, leads: int, shifts: np.ndarray, slope: float) -> ForwardScores:
    """Return forward folds, in each of which the scores are off by a shift of its own."""
    parts = [period(random, leads, shift, slope) for shift in shifts]
    raw, truth = (np.concatenate(side) for side in zip(*parts, strict=True))
    lead = np.arange(len(shifts) * leads).repeat(LOOKS)
    label = random.random(lead.max() + 1)[lead] < probability_of(truth)
    return ForwardScores(raw, label, np.full(len(raw), 1 / LOOKS), lead, lead // leads)


@pytest.fixture(scope="module")
def told() -> ForwardScores:
    return history(np.random.default_rng(0), 400, np.zeros(FOLDS), 1.0)


@pytest.fixture(scope="module")
def interval(told) -> RateInterval:
    return measured_interval(told, NoCalibration())


@pytest.mark.parametrize(("leads", "shift", "bend"), [(200, 0.2, 0.2), (1000, 0.2, 0.2), (400, 0.4, 0.0)])
def test_the_interval_covers_the_rate_of_the_next_period_as_it_claims(leads, shift, bend):
    """Where periods differ and scores are too steep or too flat, 90 in 100 intervals hold the true rate."""
    held = []
    for seed in range(120):
        random = np.random.default_rng(seed)
        shifts, slope = random.normal(0, shift, FOLDS + 1), random.normal(1, bend)
        found = measured_interval(history(random, leads, shifts[:-1], slope), NoCalibration())
        raw, truth = period(random, 4000, shifts[-1], slope)
        low, high = found.ends(raw)
        band = np.searchsorted(np.quantile(raw, [0.2, 0.4, 0.6, 0.8]), raw)
        for number in range(5):
            rows = band == number
            held.append(low[rows].mean() <= probability_of(truth[rows]).mean() <= high[rows].mean())
    assert np.mean(held) == pytest.approx(LEVEL, abs=0.05)


def test_the_interval_holds_the_probability(interval):
    """Wherever a score lies, its probability lies between the ends, and both rise with the score."""
    score = np.linspace(-12, 8, 400)
    low, high = interval.ends(score)
    assert (low <= probability_of(score)).all()
    assert (probability_of(score) <= high).all()
    assert (np.diff(low) > 0).all()
    assert (np.diff(high) > 0).all()


def test_more_leads_make_it_narrower(interval):
    """Four times as many leads make the interval clearly narrower."""
    many = measured_interval(history(np.random.default_rng(0), 1600, np.zeros(FOLDS), 1.0), NoCalibration())
    score = np.array([-2.0])
    few_low, few_high = interval.ends(score)
    low, high = many.ends(score)
    assert (high - low) / (few_high - few_low) < 0.8


def test_periods_that_differ_make_it_wider(interval):
    """Folds that are off by half a unit of log-odds, up and down, make the interval much wider."""
    random = np.random.default_rng(0)
    moved = measured_interval(history(random, 400, np.array([0.5, -0.5, 0.5, -0.5]), 1.0), NoCalibration())
    score = np.array([-2.0])
    ends = [np.subtract(*one.ends(score)[::-1]) for one in (moved, interval)]
    assert ends[0] > 3 * ends[1]


def test_a_level_that_all_folds_share_is_doubted_and_not_corrected():
    """Where all folds had fewer conversions than told, the interval is wide on both sides, as the next model
    has learned of it."""
    random = np.random.default_rng(0)
    low_rate = measured_interval(history(random, 400, np.full(FOLDS, -0.3), 1.0), NoCalibration())
    low, high = (log_odds_of(end)[0] for end in low_rate.ends(np.array([-2.0])))
    assert high + 2.0 == pytest.approx(-2.0 - low, rel=0.4)
    assert high - low > 0.6


def test_looks_at_one_lead_count_as_one_lead(told, interval):
    """Each look told three times over, as of the same lead and a third the weight, tells no more."""
    rows = np.arange(len(told.raw)).repeat(3)
    again = ForwardScores(
        told.raw[rows], told.label[rows], told.weight[rows] / 3, told.lead[rows], told.fold[rows]
    )
    score = np.linspace(-4, 0, 9)
    found = measured_interval(again, NoCalibration())
    assert np.array(found.ends(score)) == pytest.approx(np.array(interval.ends(score)), abs=1e-6)


def test_a_calibration_is_taken_into_account(told, interval):
    """Scores that were twice too small, and are calibrated, have the interval of right ones."""
    half = replace(told, raw=told.raw / 2)
    found = measured_interval(half, Platt(slope=2.0, intercept=0.0))
    score = np.linspace(-4, 0, 9)
    assert np.array(found.ends(score)) == pytest.approx(np.array(interval.ends(score)), abs=1e-9)


def test_one_probability_for_all_has_an_interval(told):
    """On the rung of the base rate, where a score has no slope, the interval is that of the rate."""
    rate = float(log_odds_of(told.label.mean()))
    found = measured_interval(replace(told, raw=np.full(len(told.raw), rate)), NoCalibration())
    low, high = found.ends(np.array([rate]))
    assert low < told.label.mean() < high
    assert high - low < 0.08


def test_one_fold_cannot_tell(told):
    """Who has seen one period cannot say how much periods differ: there is no interval."""
    assert measured_interval(told[told.fold == 0], NoCalibration()) is None


def test_one_outcome_cannot_tell(told):
    """Where nobody converted there is no interval."""
    assert measured_interval(replace(told, label=np.zeros(len(told.raw), bool)), NoCalibration()) is None


@pytest.mark.parametrize("scale", [0.0, 30.0])
def test_scores_of_any_size_have_an_interval(told, scale):
    """Scores that are all alike, or absurdly sure, still give ends that are numbers."""
    found = measured_interval(replace(told, raw=scale * told.raw), NoCalibration())
    assert np.isfinite(found.ends(np.linspace(-50, 50, 11))).all()


def test_an_interval_comes_back_from_json_to_the_last_bit(interval):
    """Written as JSON and read again it gives the same ends; a lead alone has those it has among others."""
    again = RateInterval.model_validate_json(interval.model_dump_json())
    score = np.random.default_rng(0).normal(-2, 3, 300)
    assert again == interval
    ends = again.ends(score)
    assert [end.tobytes() for end in ends] == [end.tobytes() for end in interval.ends(score)]
    alone = [interval.ends(score[row : row + 1]) for row in range(300)]
    assert [one[0][0] for one in alone] == ends[0].tolist()


@pytest.mark.parametrize(
    "change", [{"low": [0.5, 1.5]}, {"score": [1.0, 0.0]}, {"high": [1.0]}, {"high": [float("nan")] * 2}]
)
def test_an_interval_that_does_not_hold_its_score_is_refused(change):
    """A damaged interval is not read."""
    good = {"level": 0.9, "score": [0.0, 1.0], "low": [-1.0, 0.0], "high": [1.0, 2.0]}
    assert RateInterval.model_validate(good)
    with pytest.raises(ValidationError):
        RateInterval.model_validate({**good, **change})
