import numpy as np
import pytest

from models.calibration import Calibration, chosen_calibration, fit_platt
from models.log_odds import probability_of
from models.metrics import log_loss


def scored(rows: int, slope: float, intercept: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return raw scores in log-odds and labels whose true log-odds lie on a line of them."""
    random = np.random.default_rng(seed)
    raw = random.normal(-1, 2, rows)
    return raw, random.random(rows) < probability_of(slope * raw + intercept)


def chosen(*folds: tuple[float, float]) -> Calibration:
    """Return what is chosen where each fold's scores lie on the line given by slope and intercept."""
    parts = [scored(3000, *line, seed) for seed, line in enumerate(folds)]
    raw, label = (np.concatenate(side) for side in zip(*parts, strict=True))
    return chosen_calibration(raw, label, np.ones(len(raw)), np.repeat(np.arange(len(folds)), 3000))


def test_without_calibration_the_score_stays_as_it_is() -> None:
    """No calibration is the plain probability of the raw score, to the last bit."""
    raw = np.linspace(-20, 20, 41)
    assert Calibration().probability(raw).tobytes() == probability_of(raw).tobytes()
    assert (Calibration().name, Calibration(0.5).name) == ("none", "platt")


def test_a_line_is_found_again() -> None:
    """Labels drawn along a line of the scores give that line back."""
    raw, label = scored(200_000, 0.5, -0.7, seed=0)
    found = fit_platt(raw, label, np.ones(len(raw)))
    assert (found.slope, found.intercept) == pytest.approx((0.5, -0.7), abs=0.02)


def test_a_row_of_double_weight_is_two_rows() -> None:
    """Weights count rows: doubling a weight is the same as telling the row twice."""
    raw, label = scored(400, 0.5, 0.2, seed=1)
    weight = np.where(np.arange(400) < 100, 2.0, 1.0)
    twice = np.concatenate((np.arange(400), np.arange(100)))
    found, told = fit_platt(raw, label, weight), fit_platt(raw[twice], label[twice], np.ones(500))
    assert (found.slope, found.intercept) == pytest.approx((told.slope, told.intercept), abs=1e-3)


def test_overconfident_scores_are_calibrated() -> None:
    """Scores that are twice too sure in every fold are halved, and log-loss falls."""
    found = chosen((0.5, 0), (0.5, 0), (0.5, 0))
    assert found.slope == pytest.approx(0.5, abs=0.05)
    raw, label = scored(3000, 0.5, 0, seed=9)
    weight = np.ones(3000)
    before, after = (log_loss(form.probability(raw), label, weight) for form in (Calibration(), found))
    assert after < before


def test_a_line_that_does_not_hold_forward_is_not_used() -> None:
    """What calibrated the earlier folds and would spoil the last one is left alone."""
    assert chosen((0.5, 1.5), (0.5, 1.5), (1, 0)) == Calibration()


def test_the_last_fold_alone_proves_nothing() -> None:
    """With a single fold there is nothing to judge a line by, so there is none."""
    assert chosen((0.2, 1)) == Calibration()


@pytest.mark.parametrize("early", [True, False])
def test_folds_of_one_outcome_teach_no_line(early: bool) -> None:
    """Earlier folds that all converted, or none of which did, cannot be fitted and are not."""
    label = np.array([early, early, True, False])
    found = chosen_calibration(np.arange(4.0), label, np.ones(4), np.array([0, 0, 1, 1]))
    assert found == Calibration()


def test_a_ranking_is_never_turned_round() -> None:
    """A falling line, however well it fits, is not used: sales would call the worst leads first."""
    assert chosen((-1, 0), (-1, 0), (-1, 0)) == Calibration()


def test_one_lucky_fold_proves_nothing() -> None:
    """A line that helped in the last fold and spoilt the one before it is not used."""
    assert chosen((1.6, 0), (0.3, 0), (0.3, 0)) == Calibration()
