"""How much features and families move scores."""

from __future__ import annotations

import numpy as np
import pytest

from crm_tables import agreed
from models.importance import family_importances, importances
from tiny_bundle import tiny_world


@pytest.fixture(scope="module")
def world():
    """The features and rows of the tiny history."""
    return tiny_world(agreed(stages={"inquiry": ["New"], "sql": ["Qualified"]}))


def test_importance_is_the_mean_size_of_the_effects(world):
    """Each feature has its mean absolute effect within its interval, strongest first, idle ones left out."""
    features, rows = world
    effect = np.random.default_rng(1).normal(size=rows.matrix.shape) * np.arange(len(features.names))
    found = importances(features, rows, effect, 7)
    assert {one.feature for one in found} == set(features.names[1:])
    assert [one.effect for one in found] == sorted((one.effect for one in found), reverse=True)
    for one in found:
        own = np.abs(effect[:, features.names.index(one.feature)])
        assert one.effect == pytest.approx(np.average(own, weights=rows.weight))
        assert one.low < one.effect < one.high


def test_what_cancels_out_within_a_family_moves_no_score(world):
    """A family whose features undo each other is worth nothing, however strong each of them is."""
    features, rows = world
    own = [place for place, feature in enumerate(features.features) if feature.family == "behaviour"]
    effect = np.zeros(rows.matrix.shape)
    effect[:, own[0]], effect[:, own[1]] = 0.3, -0.3
    worth = {one.family: one.effect for one in family_importances(features, rows, effect, 7)}
    assert worth["behaviour"] == pytest.approx(0)
    assert [one.effect for one in importances(features, rows, effect, 7)] == pytest.approx([0.3, 0.3])


def test_a_family_in_which_one_feature_works_is_that_feature(world):
    """Families and features are measured on the same draws of leads, to the same intervals."""
    features, rows = world
    names = [feature.family for feature in features.features]
    alone = names[0]
    effect = np.zeros(rows.matrix.shape)
    effect[:, names.index(alone)] = np.random.default_rng(3).normal(size=len(rows))
    [one] = importances(features, rows, effect, 5)
    family = next(two for two in family_importances(features, rows, effect, 5) if two.family == alone)
    assert (family.effect, family.low, family.high) == pytest.approx((one.effect, one.low, one.high))
    assert family.features == names.count(alone)
