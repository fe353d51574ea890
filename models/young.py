"""Looks whose horizon is not over, and what they teach: the outcome that is to be expected of each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from models.lesson import Lesson
from models.log_odds import probability_of
from models.scorecard_fitting import fit_scorecards
from models.training_rows import TrainingRows

FEWEST: Final = 10
"""Of fewer mature conversions nobody can tell how soon they come; young looks then teach nothing."""

MOST: Final = 20_000
"""So many mature looks, the newest, tell what to expect of young ones; more would not tell it much better."""

STRENGTH: Final = 0.05
"""Of the scorecard that tells what to expect of young looks."""


@dataclass(frozen=True)
class Young:
    """Looks before the moment ``at`` whose horizon was not over then.

    Whatever became of them later is not used, though the rows may tell it.
    """

    rows: TrainingRows
    at: int


def completed(mature: TrainingRows, young: Young) -> Lesson:
    """Return mature looks with their labels, and beside them the young ones with those to be expected.

    A young look that was followed by the target has label 1. Of the others that have come to the same age a
    share ``p (1 - F) / (1 - p F)`` will be: ``p`` is what a scorecard of the mature looks says, and ``F`` is
    the share of the mature conversions that had come by that age. In odds that is ``p / (1 - p)`` times
    ``1 - F``.

    Source: Chapelle, Modeling delayed feedback in display advertising, 2014.
    """
    rows, lesson = young.rows, Lesson.of(mature)
    if not len(rows) or len(np.unique(mature.lead[mature.label])) < FEWEST:
        return lesson
    delays = np.sort((mature.reached - mature.as_of)[mature.label])
    # One conversion more, so that none is ever taken to be quite out of the question.
    come = np.searchsorted(delays, young.at - rows.as_of, side="right") / (len(delays) + 1)
    newest = mature[np.sort(np.argsort(-mature.as_of, kind="stable")[:MOST])]
    card = fit_scorecards(Lesson.of(newest), (STRENGTH,))[0]
    expected = probability_of(card.log_odds(rows.matrix) + np.log1p(-come))
    label = np.where(rows.label & (rows.reached <= young.at), 1.0, expected)
    return replace(
        lesson,
        matrix=np.concatenate([mature.matrix, rows.matrix]),
        label=np.concatenate([lesson.label, label]),
        weight=np.concatenate([mature.weight, rows.weight]),
    )
