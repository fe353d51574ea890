"""What every model must beat: the base rate, the count rule that CRMs ship, logistic regression."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from models.bins import Bins, Floats, code_bins, number_bins, number_edges, signed_log
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
        seen, asked = _binned(train.matrix[:, column], judged.matrix[:, column], name in train.categorical)
        bins = 1 + int(max(seen.max(initial=0), asked.max(initial=0)))
        won = np.bincount(seen, train.weight * train.label, bins) + rate
        lost = np.bincount(seen, train.weight * ~train.label, bins) + 1 - rate
        shares = (won / won.sum()) / (lost / lost.sum())
        scores += np.log(shares)[asked]
    return probability_of(scores)


def logistic_regression(train: TrainingRows, judged: TrainingRows) -> NDArray[np.float64]:
    """Fit a ridge logistic regression on standardised numbers and one-hot categories.

    Long-tailed numbers are taken as ``sign(x) log(1 + |x|)``; a missing one is the median and a flag.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    model = make_pipeline(_numbers_and_categories(train), LogisticRegression(C=0.1, solver="newton-cholesky"))
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
        FunctionTransformer(signed_log),
        SimpleImputer(strategy="median", add_indicator=True, keep_empty_features=True),
        StandardScaler(),
    )
    one_hot = OneHotEncoder(handle_unknown="ignore", min_frequency=20, sparse_output=False)
    return ColumnTransformer([("numbers", numbers, numeric), ("categories", one_hot, categorical)])


def _binned(train: Floats, judged: Floats, categorical: bool) -> tuple[Bins, Bins]:
    if categorical:
        return code_bins(train), code_bins(judged)
    edges = number_edges(train, BINS)
    return number_bins(train, edges), number_bins(judged, edges)
