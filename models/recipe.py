"""How a model is learned from rows: on which rung, how strong its points, how many its trees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from models.estimator import EstimatorSettings, fit
from models.lesson import Lesson
from models.log_odds import log_odds_of
from models.model import Model, Rung
from models.scorecard import Scorecard
from models.scorecard_fitting import fit_scorecards

WITH_CARD: Final[tuple[Rung, ...]] = ("scorecard", "scorecard_and_trees")
WITH_TREES: Final[tuple[Rung, ...]] = ("scorecard_and_trees", "trees")


@dataclass(frozen=True)
class Recipe:
    """What forward folds found: the same for the twin, for the served model, and for the next training.

    ``strength`` is that of the scorecard's points (`models.scorecard_fitting`), ``rounds`` the number of
    trees. ``found`` says whether folds found them.
    """

    rung: Rung
    strength: float
    rounds: int
    found: bool = True

    def model(self, lesson: Lesson, settings: EstimatorSettings) -> Model:
        """Learn from the whole lesson; nothing is held back and nothing stops early."""
        card = fit_scorecards(lesson, (self.strength,))[0] if self.rung in WITH_CARD else None
        trees = fit(lesson, settings, self.rounds).model_to_string() if self.rung in WITH_TREES else None
        return Model(
            self.rung, lesson.names, base_rate_card(lesson) if self.rung == "base_rate" else card, trees
        )


def base_rate_card(lesson: Lesson) -> Scorecard:
    """Return the scorecard on which every lead has the rate of the lesson."""
    return Scorecard(float(log_odds_of(lesson.rate)))
