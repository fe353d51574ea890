"""What each rung predicts on folds, of leads that it has not learned from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.bins import Floats
from models.calibration.forward_scores import ForwardScores
from models.estimator import EstimatorSettings, Grown, best_rounds, grow
from models.forward_part import ForwardPart
from models.log_odds import probability_of
from models.model import Rung
from models.paired import Interval, losses, resampled_interval
from models.ranking import auc_of_weights
from models.recipe import base_rate_card
from models.scorecard_fitting import STRENGTHS, fit_scorecards
from models.split import Fold
from models.training_rows import TrainingRows


@dataclass(frozen=True)
class FoldEvidence:
    """The judged rows of all folds, one fold after the other, and what each rung scored them.

    ``judged`` are the rows' positions, ``fold`` the number of each one's fold and ``log_odds`` the scores
    by rung, those of trees with ``rounds`` of them and those of a scorecard with points of the ``strength``
    that did best.
    """

    judged: NDArray[np.intp]
    fold: NDArray[np.intp]
    log_odds: Mapping[Rung, Floats]
    strength: float
    rounds: int

    def losses(self, rows: TrainingRows) -> Mapping[Rung, Floats]:
        """Return the log-loss of each judged row by rung."""
        label = rows.label[self.judged]
        return {rung: losses(probability_of(scores), label) for rung, scores in self.log_odds.items()}

    def scores(self, rows: TrainingRows, rung: Rung) -> ForwardScores:
        """Return what a rung scored the judged rows, and what came of them."""
        judged = rows[self.judged]
        return ForwardScores(self.log_odds[rung], judged.label, judged.weight, judged.lead, self.fold)

    def ranking(self, rows: TrainingRows, seed: int, rung: Rung) -> Interval:
        """Return a rung's AUC within folds, each weighing as much as its leads, with its interval."""
        label = rows.label[self.judged]
        places = [np.flatnonzero(self.fold == number) for number in np.unique(self.fold)]
        aucs = [auc_of_weights(self.log_odds[rung][place], label[place]) for place in places]

        def within_folds(weight: Floats) -> float:
            found = np.array([auc(weight[place]) for auc, place in zip(aucs, places, strict=True)])
            share = np.array([weight[place].sum() for place in places]) * ~np.isnan(found)
            return float(np.nansum(found * share) / share.sum()) if share.sum() else float("nan")

        return resampled_interval(within_folds, rows.weight[self.judged], rows.lead[self.judged], seed)


def fold_evidence(
    part: ForwardPart,
    folds: Sequence[Fold],
    settings: EstimatorSettings,
    progress: Callable[[str], None] = lambda _: None,
) -> FoldEvidence | None:
    """Learn the lesson of each fold and score its later side; None if there is no fold."""
    tried = []
    for number, fold in enumerate(folds, 1):
        progress(f"trying every rung on fold {number} of {len(folds)}")
        tried.append(_tried(part, fold, settings))
    return _together(part.train, tried, settings) if tried else None


@dataclass(frozen=True)
class _Tried:
    """One fold: the scores of the base rate, of a scorecard of each strength, and of growing trees."""

    rate: Floats
    cards: Sequence[Floats]
    grown: Grown


def _tried(part: ForwardPart, fold: Fold, settings: EstimatorSettings) -> _Tried:
    lesson, later = part.lesson_of(fold), part.train.matrix[fold.judged]
    cards = [card.log_odds(later) for card in fit_scorecards(lesson)]
    return _Tried(base_rate_card(lesson).log_odds(later), cards, grow(lesson, part.train, fold, settings))


def _together(rows: TrainingRows, tried: Sequence[_Tried], settings: EstimatorSettings) -> FoldEvidence:
    judged = np.concatenate([one.grown.fold.judged for one in tried])
    rounds = settings.rounds or best_rounds(rows, [one.grown for one in tried])
    cards = [np.concatenate(scores) for scores in zip(*(one.cards for one in tried), strict=True)]
    label, weight = rows.label[judged], rows.weight[judged]
    lost = [float(losses(probability_of(scores), label) @ weight) for scores in cards]
    card, trees = cards[int(np.argmin(lost))], np.concatenate([one.grown.raw(rows, rounds) for one in tried])
    return FoldEvidence(
        judged,
        np.repeat(np.arange(len(tried)), [len(one.grown.fold.judged) for one in tried]),
        {
            "base_rate": np.concatenate([one.rate for one in tried]),
            "scorecard": card,
            "scorecard_and_trees": (card + trees) / 2,
            "trees": trees,
        },
        STRENGTHS[int(np.argmin(lost))],
        rounds,
    )
