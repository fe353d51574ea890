"""What the hand-off rule brings, what other rules would, and what the grades are worth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from data_checks.agreement import Agreement
from models.graded_leads import GradedLeads, graded_leads
from models.hand_off_ways import Way, ways
from models.hand_off_yield import JudgedLeads, yields
from models.metrics import Floats
from models.training_rows import TrainingRows

POINTS: Final = 100
"""The curve has at most so many points."""


@dataclass(frozen=True)
class CurvePoint:
    """So many leads a week hold so many SQLs; ``low`` to ``high`` is their 95 % interval."""

    per_week: float
    caught: float
    low: float
    high: float


@dataclass(frozen=True)
class CutOffTable:
    """The forward test as both heads need it to choose a rule: its leads, its SQLs, its weeks.

    ``rate`` is the share of all leads that became SQLs: what calling them at random would find.
    """

    leads: int
    sqls: int
    rate: float
    weeks: float
    ways: tuple[Way, ...]
    grades: tuple[GradedLeads, ...]
    curve: tuple[CurvePoint, ...]


def cut_off_table(agreement: Agreement, rows: TrainingRows, probability: Floats, seed: int) -> CutOffTable:
    """Return the table of the forward test's rows, which were given these probabilities."""
    leads = JudgedLeads.of(probability, rows.label, rows.lead, rows.as_of)
    return CutOffTable(
        leads=len(leads),
        sqls=leads.sqls,
        rate=leads.sqls / len(leads),
        weeks=leads.weeks,
        ways=tuple(ways(agreement, rows, probability, leads)),
        grades=tuple(graded_leads(agreement.grades, rows, probability, seed)),
        curve=curve(leads),
    )


def curve(leads: JudgedLeads) -> tuple[CurvePoint, ...]:
    """Return how many SQLs are caught as more leads a week are handed off, from none to all."""
    ranked = np.sort(leads.best)[::-1]
    places = np.linspace(0, len(ranked) - 1, min(len(ranked), POINTS - 1)).astype(np.intp)
    # Leads of one probability are handed off together: between two probabilities there is no point.
    cuts = np.unique(ranked[places])[::-1]
    points = [
        CurvePoint(one.per_week.value, one.caught.value, one.caught.low, one.caught.high)
        for one in yields(leads, cuts)
    ]
    return (CurvePoint(0, 0, 0, 0), *points)
