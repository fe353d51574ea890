"""Fitting a scorecard: the features that tell most, and points that are drawn towards nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from models.bins import Bins, Floats, code_bins, number_bins, number_edges
from models.log_odds import log_odds_of
from models.scorecard import Line, Scorecard
from models.training_rows import TrainingRows

BINS: Final = 6
"""Into how many bins, equally filled, numbers are cut."""

MOST_LINES: Final = 100
"""So many features are on a card at most, those with the most information value."""

STRENGTHS: Final = (0.01, 0.05, 0.25)
"""The variance, in squared log-odds, that points are expected to have; one is chosen forward in time."""

ROUNDS: Final = 500


def fit_scorecards(rows: TrainingRows, strengths: Sequence[float] = STRENGTHS) -> tuple[Scorecard, ...]:
    """Fit a scorecard of each strength: ridge logistic regression on the bins of the best features.

    Source: Siddiqi, Credit Risk Scorecards, 2006; the points are drawn towards 0 in place of being
    merged by hand.
    """
    from sklearn.linear_model import LogisticRegression

    read = [one for one in _read(rows) if one.information > 0]
    best = sorted(read, key=lambda one: (-one.information, one.place))[:MOST_LINES]
    rate = float(np.average(rows.label, weights=rows.weight))
    if not best:
        return (Scorecard(float(log_odds_of(rate))),) * len(strengths)
    bins = _one_hot(best)
    model = LogisticRegression(max_iter=ROUNDS, warm_start=True)
    cards = []
    for strength in strengths:
        # Each fit begins where the one before ended.
        model.set_params(C=strength).fit(bins, rows.label, sample_weight=rows.weight)
        cards.append(_card(best, model.coef_[0].astype(np.float64), float(model.intercept_[0]), rows.weight))
    return tuple(cards)


@dataclass(frozen=True)
class _Column:
    """A feature read as bins, ``width`` of them, and its information value."""

    place: int
    edges: Floats | None
    bins: Bins
    width: int
    information: float


def _read(rows: TrainingRows) -> list[_Column]:
    found = []
    for place, name in enumerate(rows.names):
        values = rows.matrix[:, place]
        edges = None if name in rows.categorical else number_edges(values, BINS)
        bins = code_bins(values) if edges is None else number_bins(values, edges)
        width = 2 + len(edges) if edges is not None else 1 + int(bins.max(initial=0))
        found.append(_Column(place, edges, bins, width, _information(bins, width, rows)))
    return found


def _information(bins: Bins, width: int, rows: TrainingRows) -> float:
    """Return the information value of bins, less what chance alone would give it.

    That is ``sum((p - q) log(p / q))`` of the shares that each bin holds of those who converted (p) and
    of the others (q): Jeffreys' divergence, whose expectation under chance is (bins - 1) times the sum of
    1 over their numbers. Rows count by their weights.
    """
    won, lost = (np.bincount(bins, rows.weight * of, width) for of in (rows.label, ~rows.label))
    used = np.count_nonzero(won + lost)
    if used < 2:
        return 0.0
    chance = (used - 1) * (1 / won.sum() + 1 / lost.sum())
    p, q = ((of + 0.5) / (of + 0.5).sum() for of in (won, lost))
    return float(((p - q) * np.log(p / q)).sum() - chance)


def _one_hot(columns: Sequence[_Column]) -> Any:  # noqa: ANN401 - SciPy has no types
    from scipy.sparse import csr_array

    starts = np.cumsum([0, *(one.width for one in columns)])
    places = np.stack([one.bins + start for one, start in zip(columns, starts, strict=False)], axis=1)
    rows, lines = places.shape
    ends = np.arange(0, rows * lines + 1, lines)
    return csr_array((np.ones(rows * lines, np.float32), places.ravel(), ends), shape=(rows, int(starts[-1])))


def _card(columns: Sequence[_Column], weights: Floats, start: float, leads: NDArray[np.float64]) -> Scorecard:
    """Return the weights as lines whose points have a mean of 0, so that the start is an average lead's."""
    lines = []
    for one, points in zip(
        columns, np.split(weights, np.cumsum([c.width for c in columns])[:-1]), strict=True
    ):
        mean = float(np.average(points[one.bins], weights=leads))
        start += mean
        lines.append(Line(one.place, one.edges, points - mean))
    return Scorecard(start, tuple(lines))
