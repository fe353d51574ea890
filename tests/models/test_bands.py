"""Cutting the values of a feature into bands."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.feature import Feature, Kind
from models.bands import MOST_BANDS, cuts_of, labels_of, places_of

VALUES = st.lists(
    st.one_of(st.floats(-1e9, 1e9), st.integers(0, 30).map(float), st.just(float("nan"))), max_size=200
)


def named(name: str, categories: tuple[str, ...] | None = None) -> Feature:
    kind = Kind(lambda view: view, "behaviour", name, name)
    return Feature(name, name, kind, {}, categories=categories)


def banded(feature: Feature, *values: float) -> tuple[str, ...]:
    array = np.array(values, float)
    return labels_of(feature, cuts_of(feature, array, np.ones(len(array))), array)


def test_a_few_counts_are_bands_as_they_are():
    """Each of a few values is a band of its own, and the last is open to more."""
    assert banded(named("visits"), 0, 0, 1, 2, 2, 1) == ("0", "1", "2 or more", "not known")


def test_many_counts_share_bands_of_about_equal_weight():
    """A hundred values become six bands without gaps, and their names say where each begins and ends."""
    labels = banded(named("visits"), *range(100))
    assert labels == ("0 to 16", "17 to 32", "33 to 49", "50 to 66", "67 to 82", "83 or more", "not known")


def test_a_value_of_great_weight_stays_alone():
    """When most leads have none, none is a band that nothing else is in."""
    labels = banded(named("visits"), *[0] * 80, *range(1, 41))
    assert labels[0] == "0"
    assert labels[1].startswith("1 to ")


def test_no_band_is_thin():
    """A band that would hold next to nobody joins a neighbour."""
    values = np.array([*np.linspace(0, 6.9, 500), *[7.0] * 400, 7.2, *np.linspace(8, 60, 500)])
    cuts = cuts_of(named("days_since"), values, np.ones(len(values)))
    held = np.bincount(places_of(cuts, values), minlength=len(cuts) + 1)[: len(cuts) + 1]
    assert held.min() >= len(values) / MOST_BANDS / 4


def test_days_are_spans_even_if_training_saw_whole_ones():
    """A lead of half a day falls into a band whose name does not deny it."""
    assert banded(named("lead_age_days"), 0, 3, 7) == ("0", "above 0 to 3", "above 3", "not known")


def test_categories_are_bands_as_they_are():
    """Each category is a band, and so are any other one and a missing one."""
    feature = named("country", ("Austria", "Brazil"))
    assert banded(feature, 0, 1, 1) == ("Austria", "Brazil", "any other", "not known")
    cuts = cuts_of(feature, np.array([0.0]), np.ones(1))
    assert places_of(cuts, np.array([0, 1, 2, 9, np.nan])).tolist() == [0, 1, 2, 2, 3]


@pytest.mark.parametrize("values", [(), (np.nan, np.nan), (5, 5)])
def test_what_does_not_differ_has_one_band(values):
    """Without two values there is nothing to cut; a missing value has its band all the same."""
    assert banded(named("visits"), *values) == ("any", "not known")


@given(VALUES)
def test_every_value_is_in_the_band_that_its_place_names(values):
    """Bands cover all numbers without overlap, at most six of them, and missing values are apart."""
    feature, array = named("visits"), np.array(values, float)
    cuts = cuts_of(feature, array, np.ones(len(array)))
    assert len(cuts) < MOST_BANDS
    assert all(low < high for low, high in pairwise(cuts))
    assert len(labels_of(feature, cuts, array)) == len(cuts) + 2
    for value, place in zip(values, places_of(cuts, array).tolist(), strict=True):
        if np.isnan(value):
            assert place == len(cuts) + 1
        else:
            ends = (-np.inf, *cuts, np.inf)
            assert ends[place] < value <= ends[place + 1]
