"""How well a group that the model may not know of can be told from the features it does use."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from models.bins import Bins, Floats, code_bins, number_bins, number_edges
from models.paired import MISS, Interval, resampled_interval
from models.ranking import auc_of_weights
from models.training_rows import TrainingRows
from models.window import Kinds

FOLDS: Final = 3
ROUNDS: Final = 40
BINS: Final = 10
MOST_TELLERS: Final = 3


@dataclass(frozen=True)
class Teller:
    """A feature that tells the group by itself: the AUC of its values' rates on leads they are not from."""

    feature: str
    auc: float


@dataclass(frozen=True)
class GroupProxy:
    """How well leads of one group are told from all others by all used features together (``auc``).

    ``tellers`` are the features that do so best, if more than chance does among as many looks.
    """

    name: str
    leads: int
    auc: Interval
    tellers: tuple[Teller, ...]

    @property
    def told(self) -> bool:
        """Whether the group can be told at all, all groups of the field counted."""
        return self.auc.low > 0.5


def proxies(rows: TrainingRows, groups: Kinds, at_least: int, seed: int) -> list[GroupProxy]:
    """Return how well each group of at least so many leads can be told; ``rows`` are one look at each lead.

    LightGBM, cross-validated, and beside it each feature alone: the rate of the group among leads of the
    same value. The intervals are widened for the number of groups (Bonferroni).
    """
    names, place, leads = np.unique(groups, return_inverse=True, return_counts=True)
    asked = [one for one in range(len(names)) if min(leads[one], len(rows) - leads[one]) >= at_least]
    if len(names) == 2:  # who tells one from the other tells the other from the one
        asked = [one for one in asked if one == int(np.argmin(leads))]
    if not asked or not rows.names:
        return []
    fold = np.random.default_rng(seed).permutation(len(rows)) % FOLDS
    said = _together(rows, place, len(names), fold, seed)
    alone = _alone(rows, place, len(names), fold)
    ones, each = np.ones(len(rows)), np.arange(len(rows))
    found = []
    for group in asked:
        auc = auc_of_weights(said[:, group], place == group)
        interval = resampled_interval(auc, ones, each, seed, MISS / len(asked))
        best = _tellers(rows.names, alone[:, :, group], place == group, len(asked))
        found.append(GroupProxy(str(names[group]), int(leads[group]), interval, best))
    return sorted(found, key=lambda one: -one.auc.value)


def _together(
    rows: TrainingRows, place: NDArray[np.intp], groups: int, fold: NDArray[np.intp], seed: int
) -> Floats:
    """Return how probable each group is for each row, said by trees that had not seen the row."""
    import lightgbm

    said = np.empty((len(rows), groups))
    for one in range(FOLDS):
        data = lightgbm.Dataset(
            rows.matrix[fold != one],
            label=place[fold != one],
            feature_name=list(rows.names),
            categorical_feature=list(rows.categorical),
        )
        trees = lightgbm.train(_settings(groups, seed), data, num_boost_round=ROUNDS)
        said[fold == one] = trees.predict(rows.matrix[fold == one])
    return said


def _settings(groups: int, seed: int) -> dict[str, Any]:
    return {
        "objective": "multiclass",
        "num_class": groups,
        "learning_rate": 0.1,
        "num_leaves": 8,
        "min_data_in_leaf": 20,
        "lambda_l2": 5.0,
        "feature_fraction": 0.5,
        "max_bin": 31,
        "seed": seed,
        "num_threads": 1,
        "deterministic": True,
        "force_row_wise": True,
        "verbose": -1,
    }


def _alone(rows: TrainingRows, place: NDArray[np.intp], groups: int, fold: NDArray[np.intp]) -> Floats:
    """Return the rate of each group among other folds' leads of one value: (features, rows, groups)."""
    member = np.eye(groups)[place]
    base = member.mean(axis=0)
    said = np.empty((len(rows.names), len(rows), groups))
    for number, bins in enumerate(_binned(rows)):
        cells, most = fold * (bins.max() + 1) + bins, int(bins.max()) + 1
        won = np.stack(
            [np.bincount(cells, member[:, group], FOLDS * most) for group in range(groups)], axis=1
        )
        leads = np.bincount(cells, minlength=FOLDS * most)
        won, leads = won.reshape(FOLDS, most, groups), leads.reshape(FOLDS, most)
        others = won.sum(axis=0) - won, leads.sum(axis=0) - leads
        rates = (others[0] + base) / (others[1] + 1)[:, :, np.newaxis]
        said[number] = rates[fold, bins]
    return said


def _binned(rows: TrainingRows) -> Iterator[Bins]:
    for name, values in zip(rows.names, rows.matrix.T, strict=True):
        yield (
            code_bins(values) if name in rows.categorical else number_bins(values, number_edges(values, BINS))
        )


def _tellers(
    names: tuple[str, ...], said: Floats, member: NDArray[np.bool_], groups: int
) -> tuple[Teller, ...]:
    ones = np.ones(len(member))
    aucs = np.array([auc_of_weights(one, member)(ones) for one in said])
    inside, looks = int(member.sum()), groups * len(names)
    error = np.sqrt((len(member) + 1) / (12 * inside * (len(member) - inside)))
    sure = 0.5 + NormalDist().inv_cdf(1 - MISS / 2 / looks) * error
    best = np.argsort(-aucs, kind="stable")[:MOST_TELLERS]
    return tuple(Teller(names[one], float(aucs[one])) for one in best.tolist() if aucs[one] > sure)
