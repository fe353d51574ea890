"""What changed between two scores."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.explanation import Explanation, FamilyEffect, Reason
from models.score_change import Moved, ScoreChange, Told, score_change

POINTS = st.floats(-0.2, 0.2)
EFFECTS = st.dictionaries(st.sampled_from(["asset", "behaviour", "demographic", "timing"]), POINTS)


def told(base: float, families: dict[str, float], *reasons: Reason) -> Told:
    why = Explanation(base, reasons, tuple(FamilyEffect(*one) for one in families.items()))
    return Told(base + sum(families.values()), why)


def visits(value: float, effect: float) -> Reason:
    return Reason("visits", "behaviour", f"Visits: {value:g}", value, effect)


@given(EFFECTS, EFFECTS, st.floats(0.3, 0.5), st.floats(0.3, 0.5))
def test_base_and_families_make_the_change(former, present, before, now):
    """What changed adds up, whichever families took part in either score."""
    change = score_change(told(before, former), told(now, present))
    parts = change.base_effect + sum(one.effect for one in change.families)
    assert parts == pytest.approx(change.effect, abs=1e-9)


@given(EFFECTS, st.floats(0.3, 0.5))
def test_nothing_changed_since_the_same_score(families, base):
    """A score against itself has moved nothing."""
    one = told(base, families, visits(3, 0.1))
    assert score_change(one, one) == ScoreChange(0.0, 0.0)


def test_a_feature_in_both_lists_is_told_from_and_to():
    """Values and effects are compared for what was a reason both times, and for nothing else."""
    other = Reason("age", "timing", "Age: 1", 1.0, 0.2)
    change = score_change(
        told(0.2, {"behaviour": 0.02}, visits(1, 0.02), other), told(0.2, {"behaviour": 0.1}, visits(4, 0.1))
    )
    [moved] = change.features
    assert moved == Moved("visits", "behaviour", "Visits: 4", 1, 4, pytest.approx(0.08))
    assert [one.family for one in change.families] == ["behaviour"]


def test_a_score_without_reasons_leaves_the_difference():
    """Where one of the two said no reasons, only the probability's change is told."""
    change = score_change(Told(0.1, Explanation()), told(0.2, {"timing": 0.1}))
    assert change == ScoreChange(pytest.approx(0.2))
