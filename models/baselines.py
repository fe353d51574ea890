"""What every model must beat: the base rate, the count rule that CRMs ship, logistic regression."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from models.log_odds import log_odds_of, probability_of
from models.training_rows import TrainingRows

Baseline = Callable[[TrainingRows, TrainingRows], NDArray[np.float64]]

BINS: Final = 5
"""Into how many equally filled ranges the count rule cuts a number."""


def base_rate(train: TrainingRows, judged: TrainingRows) -> NDArray[np.float64]:
    """Give every lead the rate of the training rows."""
    return np.full(len(judged), np.average(train.label, weights=train.weight))


def count_rule(train: TrainingRows, judged: TrainingRows) -> NDArray[np.float64]:
    """Naive Bayes on counts: the log-odds of each value seen, added up as if values were independent.

    Numbers are cut into quintiles of the training rows, a missing value is a value of its own, and
    each count is smoothed by one lead of the base rate.
    Source: the rule of Odoo's predictive lead scoring, with dates and texts read as features.
    """
    rate = float(np.average(train.label, weights=train.weight))
    scores = np.full(len(judged), float(log_odds_of(rate)))
    for column, name in enumerate(train.names):
        edges = _edges(train.matrix[:, column], name in train.categorical)
        seen, asked = (_binned(rows.matrix[:, column], edges) for rows in (train, judged))
        won = np.bincount(seen, train.weight * train.label, len(edges) + 2) + rate
        lost = np.bincount(seen, train.weight * ~train.label, len(edges) + 2) + 1 - rate
        shares = (won / won.sum()) / (lost / lost.sum())
        scores += np.log(shares)[asked]
    return probability_of(scores)


def logistic_regression(train: TrainingRows, judged: TrainingRows) -> NDArray[np.float64]:
    """Fit a ridge logistic regression on standardised numbers and one-hot categories.

    Long-tailed numbers are taken as ``sign(x) log(1 + |x|)``; a missing one is the median and a flag.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    model = make_pipeline(_numbers_and_categories(train), LogisticRegression(C=0.1, max_iter=1000))
    model.fit(train.matrix, train.label, logisticregression__sample_weight=train.weight)
    return np.asarray(model.predict_proba(judged.matrix)[:, 1])


BASELINES: Final[Mapping[str, Baseline]] = MappingProxyType(
    {"base_rate": base_rate, "count_rule": count_rule, "logistic_regression": logistic_regression}
)


def _numbers_and_categories(train: TrainingRows) -> object:
    from sklearn.compose import ColumnTransformer
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler

    categorical = [column for column, name in enumerate(train.names) if name in train.categorical]
    numeric = [column for column, name in enumerate(train.names) if name not in train.categorical]
    numbers = make_pipeline(
        FunctionTransformer(_signed_log),
        SimpleImputer(strategy="median", add_indicator=True, keep_empty_features=True),
        StandardScaler(),
    )
    one_hot = OneHotEncoder(handle_unknown="ignore", min_frequency=20, sparse_output=False)
    return ColumnTransformer([("numbers", numbers, numeric), ("categories", one_hot, categorical)])


def _signed_log(numbers: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.sign(numbers) * np.log1p(np.abs(numbers)))


def _edges(values: NDArray[np.float64], categorical: bool) -> NDArray[np.float64]:
    known = values[~np.isnan(values)]
    if categorical or not len(known):
        # Each category a bin, and the codes between them too: one that was never seen says nothing.
        return np.unique(np.concatenate((known, known + 0.5)))
    return np.unique(np.quantile(known, np.linspace(0, 1, BINS + 1)[1:-1]))


def _binned(values: NDArray[np.float64], edges: NDArray[np.float64]) -> NDArray[np.intp]:
    """Return the bin of each value; the last bin holds what is missing."""
    return np.where(np.isnan(values), len(edges) + 1, np.searchsorted(edges, values, side="right"))
