"""What may be learned from before the test, and the forward folds of it: the same for all that is decided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from data_checks.errors import BatonError
from features.moments import DAY
from models.lesson import Lesson
from models.split import Fold, Rows, SplitSettings, forward_folds, forward_test, without_known_leads
from models.training_rows import TrainingRows
from models.young import Young, completed

ENOUGH: Final = 0.25
"""A fold that learns from a smaller share of the rows before the test tells what few leads can teach: trees
that stop at once, and scorecards that know nothing."""


CROSSED: Final = 4
"""Into how many parts leads are cut where time cannot be."""

FEWEST: Final = 10
"""With fewer leads of either outcome, parts of them tell nothing."""


@dataclass(frozen=True)
class ForwardPart:
    """The rows before the test, ``folds`` of them (positions among ``train``), and the rows of the test.

    ``test`` are positions among all rows, ``gap`` is in microseconds. ``young`` are the rows in the gap;
    nothing was used that was not known at ``known_until``.
    """

    train: TrainingRows
    folds: tuple[Fold, ...]
    test: Rows
    gap: int
    young: Young
    known_until: int

    @property
    def able(self) -> tuple[Fold, ...]:
        """The folds that can teach and judge: enough to learn from, and both outcomes on both sides."""
        label = self.train.label
        return tuple(
            fold
            for fold in self.folds
            if len(fold.train) >= ENOUGH * len(self.train)
            and all(label[side].any() and not label[side].all() for side in (fold.train, fold.judged))
        )

    @property
    def lesson(self) -> Lesson:
        """What could be learned from when the test began."""
        return completed(self.train, self.young)

    def lesson_of(self, fold: Fold) -> Lesson:
        """Return what could be learned from when the later side of a fold began."""
        return completed(self.train[fold.train], Young(self.train[fold.young], fold.at))

    def crossed(self, seed: int) -> tuple[Fold, ...]:
        """Return folds of leads drawn at random, each judged by what the others teach; none of too few leads.

        They do not know that worlds change, and serve where there is too little history to be cut by time.
        """
        rows = self.train
        leads, place = np.unique(rows.lead, return_inverse=True)
        won = len(np.unique(rows.lead[rows.label]))
        if min(won, len(leads) - won) < FEWEST:
            return ()
        part = np.random.default_rng(seed).permutation(len(leads))[place] % CROSSED
        return tuple(Fold(np.flatnonzero(part != one), np.flatnonzero(part == one)) for one in range(CROSSED))


def forward_part(rows: TrainingRows, split: SplitSettings, horizon_days: int) -> ForwardPart:
    """Cut mature rows into what is learned from, with its folds, and the test.

    Raises:
        BatonError: There is nothing to learn from, or nothing to test on.
    """
    _require_outcomes(rows, split, horizon_days)
    gap = split.gap(horizon_days)
    cut = forward_test(rows.as_of, rows.weight, rows.lead, split, horizon_days)
    train = rows[cut.train]
    _require_outcomes(train, split, horizon_days)
    _require_test(cut)
    folds = forward_folds(train.as_of, train.weight, split, gap)
    if gap < horizon_days * DAY:
        folds = tuple(without_known_leads(fold, train.lead) for fold in folds)
    young = Young(rows[cut.young], cut.at)
    return ForwardPart(train, folds, cut.judged, gap, young, cut.known_until(rows.as_of, horizon_days))


def _require_outcomes(train: TrainingRows, split: SplitSettings, horizon_days: int) -> None:
    if train.has_both_outcomes:
        return
    found = f"{int(train.label.sum())} conversions among {len(train)} rows before the test window"
    gap = horizon_days if split.gap_days is None else split.gap_days
    raise BatonError(
        "a model learns from leads that converted and from leads that did not, a gap before its test",
        f"{found} (gap: {gap:g} days)",
        "bring a longer history, or shorten target.within_days in agreement.yaml",
    )


def _require_test(cut: Fold) -> None:
    if not len(cut.judged):
        raise BatonError(
            "a model is tested on leads that nothing was learned from",
            "none in the test window, every lead there is older",
            "leave split.gap_days out of params.yaml, so that the gap is the horizon",
        )
