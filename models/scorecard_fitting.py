"""Fitting a scorecard: the features that tell most, and points that are drawn towards nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from models.bins import Bins, Floats, code_bins, number_bins, number_edges, signed_log
from models.lesson import Lesson
from models.log_odds import log_odds_of
from models.ridge_regression import fit_ridges
from models.scorecard import FLAT, Line, Scorecard, Slope, walked

BINS: Final = 6
"""Into how many bins, equally filled, numbers are cut."""

USUAL: Final = (0.01, 0.99)
"""Between these quantiles of a number it matters how large it is; beyond them only that it is beyond."""

MOST_LINES: Final = 100
"""So many features are on a card at most, those with the most information value."""

STRENGTHS: Final = (0.01, 0.05, 0.25)
"""The variance, in squared log-odds, that points are expected to have; one is chosen forward in time."""


def fit_scorecards(lesson: Lesson, strengths: Sequence[float] = STRENGTHS) -> tuple[Scorecard, ...]:
    """Fit a scorecard of each strength: ridge logistic regression on the bins of the best features.

    Source: Siddiqi, Credit Risk Scorecards, 2006; the points are drawn towards 0 in place of being
    merged by hand.
    """
    read = [one for one in _read(lesson) if one.information > 0]
    best = sorted(read, key=lambda one: (-one.information, one.place))[:MOST_LINES]
    if not best:
        return (Scorecard(float(log_odds_of(lesson.rate))),) * len(strengths)
    columns, slopes = _columns(lesson, best)
    fits = fit_ridges(columns, lesson.label, lesson.weight, strengths)
    return tuple(_card(best, slopes, fitted, lesson.weight) for fitted in fits)


@dataclass(frozen=True)
class _Column:
    """A feature read as bins, ``width`` of them, and its information value."""

    place: int
    edges: Floats | None
    bins: Bins
    width: int
    information: float


def _read(lesson: Lesson) -> list[_Column]:
    found = []
    for place, name in enumerate(lesson.names):
        values = lesson.matrix[:, place]
        edges = None if name in lesson.categorical else number_edges(values, BINS)
        bins = code_bins(values) if edges is None else number_bins(values, edges)
        width = 2 + len(edges) if edges is not None else 1 + int(bins.max(initial=0))
        found.append(_Column(place, edges, bins, width, _information(bins, width, lesson)))
    return found


def _information(bins: Bins, width: int, lesson: Lesson) -> float:
    """Return the information value of bins, less what chance alone would give it.

    That is ``sum((p - q) log(p / q))`` of the shares that each bin holds of those who converted (p) and
    of the others (q): Jeffreys' divergence, whose expectation under chance is (bins - 1) times the sum of
    1 over their numbers. Looks count by their weights, and in parts where their label is between 0 and 1.
    """
    won, lost = (np.bincount(bins, lesson.weight * of, width) for of in (lesson.label, 1 - lesson.label))
    used = np.count_nonzero(won + lost)
    if used < 2:
        return 0.0
    chance = (used - 1) * (1 / won.sum() + 1 / lost.sum())
    p, q = ((of + 0.5) / (of + 0.5).sum() for of in (won, lost))
    return float(((p - q) * np.log(p / q)).sum() - chance)


def _columns(lesson: Lesson, read: Sequence[_Column]) -> tuple[Any, list[Slope]]:
    """Return what points are fitted to, a column for each bin and then one for each slope, and the slopes.

    A slope's unit is a standard deviation, so that its points are drawn towards nothing as those of bins are.
    """
    from scipy.sparse import csr_array, hstack

    slopes = [
        FLAT if one.edges is None else _unit_slope(lesson.matrix[:, one.place], lesson.weight) for one in read
    ]
    steep = [(slope, one) for slope, one in zip(slopes, read, strict=True) if slope.points]
    if not steep:
        return _one_hot(read), slopes
    along = [walked(lesson.matrix[:, one.place], slope) for slope, one in steep]
    return hstack([_one_hot(read), csr_array(np.stack(along, axis=1))], format="csr"), slopes


def _unit_slope(values: Floats, weight: Floats) -> Slope:
    """Return a slope that earns one point a standard deviation, between the ends of what is usual."""
    seen = ~np.isnan(values)
    if not seen.any():
        return FLAT
    known = signed_log(values[seen])
    low, high = np.quantile(known, USUAL).tolist()
    inside = np.clip(known, low, high)
    spread = float(inside.std())
    return Slope(1 / spread, float(np.average(inside, weights=weight[seen])), low, high) if spread else FLAT


def _one_hot(columns: Sequence[_Column]) -> Any:  # noqa: ANN401 - SciPy has no types
    from scipy.sparse import csr_array

    starts = np.cumsum([0, *(one.width for one in columns)])
    places = np.stack([one.bins + start for one, start in zip(columns, starts, strict=False)], axis=1)
    rows, lines = places.shape
    ends = np.arange(0, rows * lines + 1, lines)
    return csr_array((np.ones(rows * lines), places.ravel(), ends), shape=(rows, int(starts[-1])))


def _card(read: Sequence[_Column], slopes: Sequence[Slope], fitted: Floats, weight: Floats) -> Scorecard:
    """Return fitted points as lines that add nothing on average, so that the start is an average lead's."""
    ends = np.cumsum([one.width for one in read])
    steep = iter(fitted[ends[-1] : -1].tolist())
    lines = []
    for one, slope, points in zip(read, slopes, np.split(fitted[: ends[-1]], ends[:-1]), strict=True):
        mean = float(np.average(points[one.bins], weights=weight))
        own = replace(slope, points=slope.points * next(steep)) if slope.points else slope
        lines.append(Line(one.place, one.edges, points - mean, own))
    return Scorecard(float(fitted[-1]), tuple(lines))
