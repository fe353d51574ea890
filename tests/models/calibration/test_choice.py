"""Which calibration is chosen, and when none is."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from models.calibration.beta import Beta
from models.calibration.choice import chosen_calibration
from models.calibration.forward_scores import ForwardScores
from models.calibration.kinds import Calibration
from models.calibration.none import NoCalibration
from models.log_odds import probability_of
from models.metrics import log_loss

ROWS = 3000


def scored(truth: Callable[[np.ndarray], np.ndarray], seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return raw scores in log-odds, and labels whose true log-odds are a function of them."""
    random = np.random.default_rng(seed)
    raw = random.normal(-1, 2, ROWS)
    return raw, random.random(ROWS) < probability_of(truth(raw))


def line(slope: float, intercept: float) -> Callable[[np.ndarray], np.ndarray]:
    return lambda raw: slope * raw + intercept


def forward(*folds: Callable[[np.ndarray], np.ndarray], seed: int = 0) -> ForwardScores:
    """Return folds of scores, each with its own truth."""
    parts = [scored(truth, seed + number) for number, truth in enumerate(folds)]
    raw, label = (np.concatenate(side) for side in zip(*parts, strict=True))
    return ForwardScores(
        raw, label, np.ones(len(raw)), np.arange(len(raw)), np.repeat(np.arange(len(folds)), ROWS)
    )


def chosen(*folds: Callable[[np.ndarray], np.ndarray]) -> Calibration:
    return chosen_calibration(forward(*folds))


def test_overconfident_scores_are_calibrated() -> None:
    """Scores that are twice too sure in every fold are halved by a line, and log-loss falls."""
    found = chosen(*[line(0.5, 0)] * 3)
    assert found.kind == "platt"
    assert found.slope == pytest.approx(0.5, abs=0.05)
    raw, label = scored(line(0.5, 0), seed=9)
    before, after = (
        log_loss(form.probability(raw), label, np.ones(ROWS)) for form in (NoCalibration(), found)
    )
    assert after < before


def test_a_curve_is_chosen_where_only_high_scores_are_too_sure() -> None:
    """Where low scores mean what they say and high ones do not, a line is not enough."""
    truth = Beta(up=1.0, down=0.3, intercept=0.0)
    assert chosen(*[truth.log_odds] * 4).kind == "beta"


@pytest.mark.parametrize(
    ("low", "high", "border", "kind"), [(-3.0, 1.0, -1.0, "venn_abers"), (-2.0, 2.0, 1.5, "venn_abers")]
)
def test_steps_are_chosen_where_nothing_smoother_fits(
    low: float, high: float, border: float, kind: str
) -> None:
    """Where all scores below a point mean one rate and all above another, steps are found."""
    assert chosen(*[lambda raw: np.where(raw < border, low, high)] * 4).kind == kind


@pytest.mark.parametrize("seed", range(10))
def test_scores_that_mean_what_they_say_are_left_alone(seed: int) -> None:
    """Noise does not choose: true probabilities are not calibrated."""
    assert chosen_calibration(forward(*[line(1, 0)] * 4, seed=100 * seed)) == NoCalibration()


def test_a_level_is_not_calibrated() -> None:
    """Where only the level is off, scores are left alone: the next training learns it anyway."""
    assert chosen(*[line(1, -0.5)] * 4) == NoCalibration()


def test_what_does_not_hold_forward_is_not_used() -> None:
    """What calibrated the earlier folds and would spoil the last one is left alone."""
    assert chosen(line(0.5, 1.5), line(0.5, 1.5), line(1, 0)) == NoCalibration()


def test_one_lucky_fold_proves_nothing() -> None:
    """What helped in the last fold and spoilt the one before it is not used."""
    assert chosen(line(1.6, 0), line(0.3, 0), line(0.3, 0)) == NoCalibration()


def test_the_last_fold_alone_proves_nothing() -> None:
    """With a single fold there is nothing to judge a calibration by, so there is none."""
    assert chosen(line(0.2, 1)) == NoCalibration()


@pytest.mark.parametrize("early", [True, False])
def test_folds_of_one_outcome_teach_nothing(early: bool) -> None:
    """Earlier folds that all converted, or none of which did, cannot be fitted and are not."""
    label = np.array([early, early, True, False])
    told = ForwardScores(np.arange(4.0), label, np.ones(4), np.arange(4), np.array([0, 0, 1, 1]))
    assert chosen_calibration(told) == NoCalibration()


def test_a_ranking_is_never_turned_round() -> None:
    """Where the best leads convert least, whatever is chosen ranks as the score does."""
    found = chosen(*[line(-1, 0)] * 3)
    assert (np.diff(found.probability(np.linspace(-4, 4, 100))) > 0).all()


def test_the_order_of_the_rows_does_not_choose() -> None:
    """Shuffled rows choose the same calibration, up to rounding."""
    told = forward(*[line(0.5, -0.3)] * 3)
    order = np.random.default_rng(0).permutation(len(told.raw))
    shuffled = ForwardScores(
        told.raw[order], told.label[order], told.weight[order], told.lead[order], told.fold[order]
    )
    raw = np.linspace(-4, 4, 50)
    found, again = chosen_calibration(told), chosen_calibration(shuffled)
    assert found.kind == again.kind
    assert again.probability(raw) == pytest.approx(found.probability(raw), abs=1e-4)
