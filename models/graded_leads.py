"""How many leads have each grade, and how many of them became SQLs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.hand_off_yield import JudgedLeads, intervals_of
from models.metrics import Floats
from models.paired import Interval, mean_interval
from models.training_rows import TrainingRows


@dataclass(frozen=True)
class GradedLeads:
    """The leads of one grade in the forward test, a lead having the best grade that any look at it had.

    ``sqls`` of them became SQLs; ``rate`` is their share with its 95 % interval, None without leads.
    ``per_week`` is the mean number of leads a week, ``caught_share`` which share of all SQLs they hold.
    ``look_rate`` is the share of all looks with this grade that the target followed: this is what the
    probability speaks of. A lead that stays open loses its grade as it ages, so ``rate`` is often lower.
    """

    grade: str
    at_least: float
    leads: int
    per_week: float
    sqls: int
    caught_share: float | None
    rate: Interval | None
    look_rate: Interval | None


def graded_leads(
    grades: Mapping[str, float], rows: TrainingRows, probability: Floats, seed: int
) -> list[GradedLeads]:
    """Return the leads of each grade, the best grade first; ``grades`` are the least probabilities."""
    leads = JudgedLeads.of(probability, rows.label, rows.lead, rows.as_of)
    falling = sorted(grades.items(), key=lambda grade: -grade[1])
    least = np.array([least for _, least in falling])
    place = _place(least, leads.best)
    counts = np.bincount(place, minlength=len(falling))
    sqls = np.bincount(place[leads.reached], minlength=len(falling))
    looks = _look_rates(rows, _place(least, probability), len(falling), seed)
    told = zip(falling, counts.tolist(), sqls.tolist(), intervals_of(sqls, counts), looks, strict=True)
    return [
        GradedLeads(
            grade=grade,
            at_least=at_least,
            leads=count,
            per_week=count / leads.weeks,
            sqls=won,
            caught_share=won / leads.sqls if leads.sqls else None,
            rate=rate,
            look_rate=look,
        )
        for (grade, at_least), count, won, rate, look in told
    ]


def _place(falling: Floats, probability: Floats) -> NDArray[np.intp]:
    """Return the number of the first bound that each probability reaches."""
    return np.asarray(len(falling) - np.searchsorted(falling[::-1], probability, side="right"))


def _look_rates(
    rows: TrainingRows, place: NDArray[np.intp], grades: int, seed: int
) -> Iterator[Interval | None]:
    label = rows.label.astype(np.float64)
    for grade in range(grades):
        here = place == grade
        if here.any():
            yield mean_interval(label[here], np.ones(int(here.sum())), rows.lead[here], seed)
        else:
            yield None
