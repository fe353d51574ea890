import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from any_world import AS_OF, worlds
from features.feature_set import FeatureSet
from features.wording import in_window, snake
from seen import looks_at, matrix_of


@given(AS_OF.flatmap(lambda as_of: st.tuples(worlds(as_of), st.just(as_of))))
def test_every_value_can_be_told(feature_set: FeatureSet, drawn) -> None:
    """Whatever value a feature takes, it is shown as a number, a label or nothing, and told in a sentence."""
    world, as_of = drawn
    values = matrix_of(feature_set, world.history(), looks_at(world, as_of))
    for column, feature in enumerate(feature_set.features):
        for value in values[:, column].tolist():
            shown, told = feature.shown(value), feature.told(value)
            assert (shown is None) == math.isnan(value)
            assert isinstance(shown, str) == (feature.categorical and not math.isnan(value))
            assert told.startswith(f"{feature.sentence}: ")
            assert not told.endswith((": ", "nan", "None"))


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (0.0, "0"),
        (3.0, "3"),
        (2.34567, "2.346"),
        (50_000.0, "50,000"),
        (2e9, "2,000,000,000"),
        (1e308, "1e+308"),
    ],
)
def test_a_number_is_told_as_people_write_it(feature_set: FeatureSet, number: float, told: str) -> None:
    """Small numbers are rounded, large ones have their thousands apart, and monsters stay short."""
    age = feature_set.features[feature_set.names.index("lead_age_days")]
    assert age.told(number) == f"Days since the lead was created: {told}"


@pytest.mark.parametrize(
    ("days", "told"),
    [(None, "so far"), (1, "in the last day"), (0.5, "in the last 0.5 days"), (730, "in the last 730 days")],
)
def test_a_window_is_told_in_days(days: float | None, told: str) -> None:
    """A window is told in days, and none as all that is known."""
    assert in_window(days) == told


@pytest.mark.parametrize("text", ["", "++", "デモ", "a" * 300, "İstanbul", "a\u0000b"])
def test_any_text_has_a_plain_name(text: str) -> None:
    """A text of any letters, or none, becomes plain letters, digits and underscores."""
    name = snake(text)
    assert name
    assert name.isascii()
    assert name.replace("_", "a").isalnum()
    assert name == name.lower().strip("_")
