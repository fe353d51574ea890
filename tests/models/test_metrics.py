import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.metrics import (
    all_metrics,
    auc,
    average_precision,
    brier,
    calibration_error,
    captured,
    log_loss,
    reliability,
)

SCORES = st.lists(
    st.tuples(
        st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.9, 1.0]), st.booleans(), st.sampled_from([1 / 3, 0.5, 1.0])
    ),
    min_size=1,
    max_size=25,
)


def arrays(rows) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    score, label, weight = zip(*rows, strict=True)
    return np.array(score), np.array(label), np.array(weight)


# Four leads, the second of half weight; every expected value below was worked out by hand.
SCORE = np.array([0.8, 0.6, 0.4, 0.2])
LABEL = np.array([True, False, True, False])
WEIGHT = np.array([1.0, 0.5, 1.0, 1.0])


def test_log_loss_by_hand() -> None:
    """Log-loss is the weighted mean of -log of the probability given to what happened."""
    expected = -(math.log(0.8) + 0.5 * math.log(0.4) + math.log(0.4) + math.log(0.8)) / 3.5
    assert log_loss(SCORE, LABEL, WEIGHT) == pytest.approx(expected, rel=1e-12)


def test_a_certain_error_costs_much_and_not_everything() -> None:
    """A probability of 0 for what happened costs log of a billion, so that one error cannot hide all else."""
    one = np.array([1.0])
    assert log_loss(np.array([0.0]), np.array([True]), one) == pytest.approx(math.log(1e9))


def test_brier_by_hand() -> None:
    """Brier's score is the weighted mean squared distance."""
    assert brier(SCORE, LABEL, WEIGHT) == pytest.approx((0.04 + 0.5 * 0.36 + 0.36 + 0.04) / 3.5, rel=1e-12)


def test_auc_by_hand() -> None:
    """Of the weighted pairs of a conversion and another lead, AUC is the share ranked rightly."""
    right, pairs = 1 * (0.5 + 1) + 1 * 1, 2 * 1.5
    assert auc(SCORE, LABEL, WEIGHT) == pytest.approx(right / pairs, rel=1e-12)


def test_average_precision_by_hand() -> None:
    """Average precision sums the precision at each conversion, by the recall that it brings."""
    assert average_precision(SCORE, LABEL, WEIGHT) == pytest.approx(0.5 * 1 + 0.5 * 2 / 2.5, rel=1e-12)


@given(SCORES)
def test_auc_is_that_of_all_pairs(rows) -> None:
    """AUC is the share of pairs ranked rightly, a tie counting half, and NaN without a pair."""
    won = [(score, weight) for score, label, weight in rows if label]
    lost = [(score, weight) for score, label, weight in rows if not label]
    total = sum(v * w for _, v in won for _, w in lost)
    right = sum(v * w * ((a > b) + 0.5 * (a == b)) for a, v in won for b, w in lost)
    expected = right / total if total else math.nan
    np.testing.assert_allclose(auc(*arrays(rows)), expected, rtol=1e-9, atol=1e-12)


@given(SCORES)
def test_brier_and_log_loss_are_those_of_scikit_learn(rows) -> None:
    """Weighted log-loss and Brier's score agree with scikit-learn's."""
    from sklearn.metrics import brier_score_loss
    from sklearn.metrics import log_loss as sklearn_log_loss

    score, label, weight = arrays(rows)
    kept = np.clip(score, 1e-9, 1 - 1e-9)
    expected = sklearn_log_loss(label, kept, sample_weight=weight, labels=[False, True])
    assert log_loss(score, label, weight) == pytest.approx(expected, rel=1e-9, abs=1e-9)
    expected = brier_score_loss(label, score, sample_weight=weight, pos_label=True)
    assert brier(score, label, weight) == pytest.approx(expected, rel=1e-9)


@given(SCORES, st.sampled_from([0.0, 0.1, 0.5, 1.0]), st.randoms(use_true_random=False))
def test_no_metric_depends_on_the_order_of_rows(rows, share: float, random) -> None:
    """The same leads in another order have the same metrics."""
    once = all_metrics(*arrays(rows), share)
    again = all_metrics(*arrays(random.sample(rows, len(rows))), share)
    for name, value in once.items():
        np.testing.assert_allclose(again[name], value, rtol=1e-9, atol=1e-12, err_msg=name)


@given(SCORES, st.floats(0, 1))
def test_a_constant_score_captures_just_its_share(rows, share: float) -> None:
    """Who ranks nobody above anybody captures as many conversions as leads."""
    _, label, weight = arrays(rows)
    found = captured(np.zeros(len(label)), label, weight, share)
    np.testing.assert_allclose(found, share if label.any() else np.nan, rtol=1e-9, atol=1e-12)


@given(SCORES, st.floats(0, 1), st.floats(0, 1))
def test_a_larger_share_captures_no_less(rows, one: float, other: float) -> None:
    """Captured conversions rise with the share of leads, from none to all."""
    score, label, weight = arrays(rows)
    label[0] = True
    less, more = (captured(score, label, weight, share) for share in sorted((one, other)))
    assert less <= more + 1e-12
    assert captured(score, label, weight, 0) == 0
    assert captured(score, label, weight, 1) == pytest.approx(1)


def test_captured_by_hand() -> None:
    """The best 1.75 of 3.5 leads are the first, the half lead, and a quarter of the third."""
    assert captured(SCORE, LABEL, WEIGHT, 0.5) == pytest.approx((1 + 0.25) / 2, rel=1e-12)


def test_captured_takes_equal_parts_of_a_tie() -> None:
    """Of leads with one score each gives the same part."""
    score, label = np.array([0.9, 0.5, 0.5, 0.1]), np.array([False, True, False, False])
    assert captured(score, label, np.ones(4), 0.5) == pytest.approx(0.5, rel=1e-12)


@given(SCORES)
def test_the_bins_hold_every_lead_once(rows) -> None:
    """The bins of a reliability curve rise, share no score and hold all leads."""
    score, label, weight = arrays(rows)
    bins = reliability(score, label, weight, bins=4)
    assert len(bins) <= 4
    assert sum(row["leads"] for row in bins) == pytest.approx(weight.sum())
    assert sum(row["share"] for row in bins) == pytest.approx(1)
    assert sum(row["rate"] * row["leads"] for row in bins) == pytest.approx((weight * label).sum())
    probabilities = [row["probability"] for row in bins]
    assert all(low < high for low, high in pairwise(probabilities))


def test_calibration_error_by_hand() -> None:
    """Two bins of equal weight, 0.1 and 0.2 away from their rates, are 0.15 away on average."""
    score = np.array([0.1] * 10 + [0.6] * 10)
    label = np.array([False] * 10 + [True] * 8 + [False] * 2)
    assert calibration_error(score, label, np.ones(20), bins=2) == pytest.approx(0.15, rel=1e-12)


def test_the_base_rate_is_well_calibrated() -> None:
    """One probability for all leads, and just their rate, has no calibration error, whatever came when."""
    label = np.arange(100) < 30
    assert calibration_error(np.full(100, 0.3), label, np.ones(100)) == pytest.approx(0, abs=1e-12)


def test_all_metrics_without_a_conversion() -> None:
    """Without a conversion nothing can be ranked or captured, and that is said by NaN."""
    found = all_metrics(SCORE, np.zeros(4, bool), WEIGHT, 0.2)
    unknown = {name for name, value in found.items() if math.isnan(value)}
    assert unknown == {"auc", "average_precision", "captured_at_capacity", "lift_at_capacity"}
