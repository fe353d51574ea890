"""The scorecard's points: the ridge solution, found fast."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array
from sklearn.linear_model import LogisticRegression

from models.ridge_regression import fit_ridges


def world(rows: int = 3000, columns: int = 12, rate: float = 0.1):
    """Return columns of zeros and ones, labels that follow some of them, and weights."""
    draw = np.random.default_rng(4)
    values = (draw.random((rows, columns)) < draw.uniform(0.02, 0.9, columns)).astype(float)
    scores = values @ draw.normal(0, 1, columns)
    scores += np.log(rate / (1 - rate)) - scores.mean()
    label = draw.random(rows) < 1 / (1 + np.exp(-scores))
    return csr_array(values), label, draw.uniform(0.1, 1.0, rows)


@pytest.mark.parametrize("variance", [0.01, 0.25])
def test_points_are_those_of_ridge_regression(variance):
    """The same as scikit-learn's, run to its end: the points, and the score of every row."""
    columns, label, weight = world()
    found = fit_ridges(columns, label, weight, (variance,))[0]
    model = LogisticRegression(C=variance, tol=1e-10, max_iter=10_000).fit(
        columns, label, sample_weight=weight
    )
    assert found[:-1] == pytest.approx(model.coef_[0], abs=0.03)
    mean = columns.T @ weight / weight.sum()
    scores = columns @ found[:-1] - mean @ found[:-1] + found[-1]
    assert scores == pytest.approx(model.decision_function(columns), abs=0.03)


def test_a_solution_of_another_variance_is_a_start_and_no_more():
    """Where one begins does not matter beyond what stopping early leaves open."""
    columns, label, weight = world()
    fresh = fit_ridges(columns, label, weight, (0.25,))[0]
    warm = fit_ridges(columns, label, weight, (0.01, 0.25))[1]
    assert warm == pytest.approx(fresh, abs=0.03)


def test_a_column_that_is_always_one_earns_nothing():
    """It is no different from the average row, so all that it could say is in the last number."""
    columns, label, weight = world()
    full = csr_array(np.column_stack([columns.toarray(), np.ones(len(label))]))
    assert fit_ridges(full, label, weight, (0.05,))[0][-2] == pytest.approx(0.0, abs=1e-9)


def test_the_same_rows_give_the_same_points_to_the_last_bit():
    """A training is repeated byte by byte."""
    once, again = (fit_ridges(*world(), (0.05,))[0] for _ in range(2))
    assert (once == again).all()
