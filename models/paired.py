"""The bootstrap over leads: how sure a figure is, or the difference of two scorers on the same leads."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from features.moments import Moments
from models.metrics import Floats, Labels

RESAMPLES: Final = 400
MISS: Final = 0.05
"""How often an interval may miss what it is to hold: 95 % intervals."""


@dataclass(frozen=True)
class Interval:
    """A figure of the leads at hand, and the bounds it keeps within as other leads are drawn."""

    value: float
    low: float
    high: float

    @property
    def lost(self) -> Interval:
        """A gain told as a loss."""
        return Interval(-self.value, -self.high, -self.low)

    def __str__(self) -> str:
        return f"{self.low:.4f} to {self.high:.4f}"


def losses(probability: Floats, label: Labels) -> Floats:
    """Return the log-loss of each row, in nats: ``-log`` of the probability given to what happened."""
    kept = np.clip(probability, 1e-9, 1 - 1e-9)
    return np.asarray(-np.log(np.where(label, kept, 1 - kept)))


def mean_interval(figure: Floats, weight: Floats, lead: Moments, seed: int, miss: float = MISS) -> Interval:
    """Return the weighted mean of a figure of each row, with its bootstrap interval over leads.

    If the figure is the difference of two scorers, the bootstrap is paired. Rows of one lead are drawn
    together: they tell the same outcome.
    Source: Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13 (percentiles).
    """
    sums, weights = of_leads(figure * weight, lead), of_leads(weight, lead)
    means = [(times @ sums) / (times @ weights) for times in draws_of_leads(len(sums), seed)]
    return percentile_interval(float(sums.sum() / weights.sum()), np.array(means), miss)


def mean_intervals(
    figures: Floats, weight: Floats, lead: Moments, seed: int
) -> tuple[Floats, Floats, Floats]:
    """Return the weighted mean of each column of ``figures`` (rows, columns), and the ends of its interval.

    The same draws serve every column: differences between columns are as sure as can be.
    """
    _, number = np.unique(lead, return_inverse=True)
    order = np.argsort(number, kind="stable")
    starts = np.flatnonzero(np.diff(number[order], prepend=-1))
    sums = np.add.reduceat(figures[order] * weight[order, np.newaxis], starts)
    weights = np.add.reduceat(weight[order], starts)
    means = [(times @ sums) / (times @ weights) for times in draws_of_leads(len(sums), seed)]
    low, high = np.quantile(means, (MISS / 2, 1 - MISS / 2), axis=0)
    return sums.sum(axis=0) / weights.sum(), low, high


def resampled_interval(
    statistic: Callable[[Floats], float], weight: Floats, lead: Moments, seed: int, miss: float = MISS
) -> Interval:
    """Return a statistic of the rows' weights, with its bootstrap interval over leads."""
    return resampled_intervals(lambda weights: [statistic(weights)], weight, lead, seed, miss)[0]


def resampled_intervals(
    statistics: Callable[[Floats], Sequence[float]],
    weight: Floats,
    lead: Moments,
    seed: int,
    miss: float = MISS,
) -> list[Interval]:
    """Return several statistics of the rows' weights, all from the same draws of leads."""
    _, place = np.unique(lead, return_inverse=True)
    draws = draws_of_leads(int(place.max()) + 1, seed)
    found = np.array([statistics(weight * times[place]) for times in draws])
    return [percentile_interval(*one, miss) for one in zip(statistics(weight), found.T, strict=True)]


def chance_of_no_loss(gain: Floats, weight: Floats, lead: Moments) -> tuple[Interval, float]:
    """Return the mean gain with its 95 % interval, and how probable so low a gain is if there is no loss.

    A one-sided z test: cheap and fine enough in the tail for many looks, where a bootstrap would need ten
    thousand draws.
    """
    mean, error = mean_and_error(gain, weight, lead)
    chance = 0.5 * math.erfc(-mean / error / math.sqrt(2)) if error else float(mean >= 0)
    return Interval(mean, mean - 1.96 * error, mean + 1.96 * error), chance


def mean_and_error(figure: Floats, weight: Floats, lead: Moments) -> tuple[float, float]:
    """Return the weighted mean of a figure of each row, and its standard error over leads.

    The mean is the ratio of two sums over leads, its variance is that of the sums' residuals.
    Source: Cochran, Sampling Techniques, 1977, chapter 6 (the ratio estimator).
    """
    sums, weights = of_leads(figure * weight, lead), of_leads(weight, lead)
    mean = float(sums.sum() / weights.sum())
    return mean, float(np.sqrt(((sums - mean * weights) ** 2).sum()) / weights.sum())


def of_leads(figure: Floats, lead: Moments) -> Floats:
    """Return the sum over the rows of each lead."""
    _, place = np.unique(lead, return_inverse=True)
    return np.bincount(place, figure).astype(np.float64)


def draws_of_leads(leads: int, seed: int) -> Iterator[Floats]:
    """Yield how often each lead is drawn, again and again."""
    random, even = np.random.default_rng(seed), np.full(leads, 1 / leads)
    return (random.multinomial(leads, even).astype(np.float64) for _ in range(RESAMPLES))


def percentile_interval(value: float, found: Floats, miss: float = MISS) -> Interval:
    """Return a figure with the percentiles of what was found in the draws; those without a figure aside."""
    known = found[~np.isnan(found)]
    if not len(known):
        return Interval(value, float("nan"), float("nan"))
    low, high = np.quantile(known, (miss / 2, 1 - miss / 2))
    return Interval(value, float(low), float(high))
