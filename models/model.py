"""What is served: a scorecard, trees, or the mean of both, on the rung of the ladder that it has earned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np

from data_checks.errors import BatonError
from models.bins import Floats
from models.differences import columns_apart
from models.scorecard import Scorecard
from models.single_row import SingleRow

if TYPE_CHECKING:
    from lightgbm import Booster

Rung = Literal["base_rate", "scorecard", "scorecard_and_trees", "trees"]

RUNGS: Final[tuple[Rung, ...]] = ("base_rate", "scorecard", "scorecard_and_trees", "trees")
"""From the plainest to the one that needs most data."""


AGAIN: Final = "build the bundle again with `dvc repro`"


class ModelError(BatonError):
    """A model cannot be read, or belongs to other features."""


@dataclass(frozen=True)
class Model:
    """Scores rows of the features ``names``, in log-odds.

    ``scorecard`` and ``trees`` (LightGBM's text format) are there as the rung needs them; on the rung of
    the base rate the scorecard has no lines. Of two parts the score is the mean, whose log-loss is never
    more than the mean of theirs, as log-loss is convex in log-odds.
    """

    rung: Rung
    names: tuple[str, ...]
    scorecard: Scorecard | None = None
    trees: str | None = None

    def log_odds(self, matrix: Floats) -> Floats:
        """Return the score of each row."""
        parts = [] if self.scorecard is None else [self.scorecard.log_odds(matrix)]
        if self._score_of_row is not None and len(matrix) == 1:
            parts.append(self._score_of_row(matrix))
        elif self._booster is not None:
            parts.append(np.asarray(self._booster.predict(matrix, raw_score=True, num_threads=1)))
        return _mean(parts)

    def contributions(self, matrix: Floats, threads: int = 1) -> Floats:
        """Return what each feature added to the score, and in the last column the expected score.

        Of shape (rows, features + 1), each row adding up to its score, whatever its company. Those
        of trees are exact TreeSHAP values (Lundberg et al., From local explanations to global understanding
        with explainable AI for trees, 2020).
        """
        parts = [] if self.scorecard is None else [self.scorecard.contributions(matrix)]
        if self._contributions_of_row is not None and len(matrix) == 1:
            parts.append(self._contributions_of_row(matrix))
        elif self._booster is not None:
            parts.append(np.asarray(self._booster.predict(matrix, pred_contrib=True, num_threads=threads)))
        return _mean(parts)

    def require_whole(self) -> None:
        """Read the trees now and not at the first score.

        Raises:
            ModelError: The trees cannot be read, or were grown on other features, or there is nothing at all.
        """
        if self._booster is None and self.scorecard is None:
            raise ModelError("a model has a scorecard or trees", "neither", AGAIN)

    @cached_property
    def _booster(self) -> Booster | None:
        if self.trees is None:
            return None
        import lightgbm

        try:
            booster = lightgbm.Booster(model_str=self.trees)
        except lightgbm.basic.LightGBMError as fault:
            raise ModelError("a model's trees are in LightGBM's text format", str(fault), AGAIN) from fault
        if tuple(booster.feature_name()) != self.names:
            found = f"in the model: {columns_apart(booster.feature_name(), self.names)}"
            raise ModelError("trees are used with the features they were grown on", found, AGAIN)
        return booster

    @cached_property
    def _score_of_row(self) -> SingleRow | None:
        return None if self._booster is None else SingleRow(self._booster, "raw_score")

    @cached_property
    def _contributions_of_row(self) -> SingleRow | None:
        return None if self._booster is None else SingleRow(self._booster, "contributions")

    def to_json(self) -> dict[str, Any]:
        """Return the model as JSON, the trees as the text that they are."""
        card = None if self.scorecard is None else self.scorecard.to_json()
        return {"rung": self.rung, "names": list(self.names), "scorecard": card, "trees": self.trees}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Model:
        """Read what `to_json` wrote; the trees are read when they are needed, as LightGBM is slow to load."""
        card = None if data["scorecard"] is None else Scorecard.from_json(data["scorecard"])
        return cls(data["rung"], tuple(data["names"]), card, data["trees"])


def _mean(parts: Sequence[Floats]) -> Floats:
    return parts[0] if len(parts) == 1 else np.asarray((parts[0] + parts[1]) / 2)
