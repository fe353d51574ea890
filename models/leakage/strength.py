"""How much one column alone tells of the outcome, within periods and on leads it was not fitted to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from models.leakage.facts import Codes, Column, Facts, Flags, Floats, folds_of
from models.log_odds import probability_of

FOLDS: Final = 5
PRIOR: Final = 10.0
MOST_BINS: Final = 24
BIN_AT_LEAST: Final = 25
LABEL_AT_LEAST: Final = 10
_MOST_NUMERIC_LABELS: Final = 12


@dataclass(frozen=True)
class Strength:
    """What a score tells of the outcome.

    ``auc`` is the chance that a lead with the outcome is ranked above one of the same period without;
    ``error`` its standard error; ``share`` the part of the outcome's uncertainty (log-loss beyond the
    period's rate) that the score removes; ``score`` the out-of-fold score of each of the facts' rows.
    """

    auc: float
    error: float
    share: float
    score: Floats


def strength_of(facts: Facts, column: Column) -> Strength:
    """Return how well the column alone tells the outcome.

    Each label (or bin of a number) gets the mean of ``outcome - rate of the period``, shrunk by ten
    leads to 0 and taken from the other four fifths of the leads, so that a column of many rare labels
    does not learn its own noise.
    """
    codes = codes_of(column)[facts.rows]
    score = _out_of_fold(codes, facts.label - facts.base)
    auc, error = auc_within(score, facts.label, facts.period)
    return Strength(auc, error, _share(facts, np.clip(facts.base + score, 1e-3, 1 - 1e-3)), score)


def codes_of(column: Column) -> Codes:
    """Return the column as codes: 0 empty, 1 rare, then its labels, or bins of its numbers."""
    texts = column.texts
    if column.numbers is not None and len(texts.labels) > _MOST_NUMERIC_LABELS:
        known = column.numbers[np.isfinite(column.numbers)]
        bins = int(np.clip(len(known) // BIN_AT_LEAST, 2, MOST_BINS))
        cuts = np.unique(np.quantile(known, np.linspace(0, 1, bins + 1)[1:-1]))
        binned = np.searchsorted(cuts, column.numbers, side="right") + 2
        return np.where(np.isfinite(column.numbers), binned, np.where(column.filled, 1, 0)).astype(np.int64)
    uses = np.bincount(texts.codes[column.filled], minlength=len(texts.labels))
    common = np.flatnonzero(uses >= LABEL_AT_LEAST)
    code_of = np.append(np.ones(len(texts.labels), np.int64), 0)
    code_of[common] = 2 + np.arange(len(common))
    return code_of[texts.codes]


def together(facts: Facts, scores: Sequence[Floats]) -> float:
    """Return the AUC within periods of a logistic regression on several columns' scores, out of fold."""
    from sklearn.linear_model import LogisticRegression

    if not scores:
        return 0.5
    matrix = np.column_stack([score / max(float(score.std()), 1e-9) for score in scores])
    fold = folds_of(len(matrix) + 1, 3)[1:]
    joint = np.zeros(len(matrix))
    for held_out in range(3):
        rest = fold != held_out
        if 0 < facts.label[rest].sum() < rest.sum():
            model = LogisticRegression(max_iter=200).fit(matrix[rest], facts.label[rest])
            joint[~rest] = probability_of(model.decision_function(matrix[~rest]))
    return auc_within(joint, facts.label, facts.period)[0]


def auc_within(score: Floats, label: Flags, period: Codes) -> tuple[float, float]:
    """Return the AUC over pairs of leads of one period, and its standard error if it were .5.

    Mann and Whitney's statistic, summed over periods; the variance of each is that of its ranks,
    ``pairs * (leads + 1) / 12``.
    """
    wins = pairs = variance = 0.0
    for span in np.unique(period):
        here = period == span
        good = int(label[here].sum())
        bad = int(here.sum()) - good
        wins += _ranks(score[here])[label[here]].sum() - good * (good + 1) / 2
        pairs += good * bad
        variance += good * bad * (good + bad + 1) / 12
    return (float(wins / pairs), float(np.sqrt(variance) / pairs)) if pairs else (0.5, 0.5)


def _ranks(values: Floats) -> Floats:
    """Return ranks from 1, ties sharing their mean."""
    _, place, sizes = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(sizes)
    return np.asarray((last - (sizes - 1) / 2)[place])


def _out_of_fold(codes: Codes, surprise: Floats) -> Floats:
    fold, labels = folds_of(len(codes), FOLDS), int(codes.max(initial=0)) + 1
    score = np.zeros(len(codes))
    for held_out in range(FOLDS):
        rest = fold != held_out
        sums = np.bincount(codes[rest], surprise[rest], labels)
        score[~rest] = (sums / (np.bincount(codes[rest], minlength=labels) + PRIOR))[codes[~rest]]
    return score


def _share(facts: Facts, probability: Floats) -> float:
    return 1 - _loss(probability, facts.label) / max(
        _loss(np.clip(facts.base, 1e-3, 1 - 1e-3), facts.label), 1e-9
    )


def _loss(probability: Floats, label: Flags) -> float:
    return float(-np.log(np.where(label, probability, 1 - probability)).mean())
