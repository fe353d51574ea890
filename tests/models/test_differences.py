"""Differences said in words."""

from __future__ import annotations

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

import models.differences
from crm_tables import agreed
from models.differences import agreements_apart, columns_apart

NAMES = st.lists(st.sampled_from("abcdefghij"), unique=True)


def test_the_example_in_the_docstring_holds():
    """What the docstring shows is what is returned."""
    assert doctest.testmod(models.differences).failed == 0


@given(NAMES, NAMES)
def test_words_are_said_if_and_only_if_lists_differ(expected, found):
    """Equal lists have nothing to be said of them, and any others have."""
    assert bool(columns_apart(expected, found)) == (expected != found)


@given(NAMES, NAMES)
def test_what_is_missing_is_named(expected, found):
    """A column that is expected and not there is named as missing, or counted among the missing ones."""
    missing = [name for name in expected if name not in found]
    told = columns_apart(expected, found)
    assert ("missing" in told) == bool(missing)
    assert all(name in told for name in missing[:3])


def test_a_gap_moves_nothing():
    """Columns behind one that is missing are not said to have moved."""
    assert columns_apart(list("abcdef"), list("acdef")) == "b missing"


def test_many_are_counted():
    """Of many columns three are named and the rest counted."""
    assert columns_apart(list("abcdef"), []) == "a, b, c, and 3 more missing"


@pytest.mark.parametrize("value", ["Won", "Signed"])
def test_stages_that_differ_are_named(value):
    """A stage that came to mean something else is told in the agreement's own words."""
    before = agreed(stages={"inquiry": ["New"], "sql": ["Qualified"]})
    after = agreed(stages={"inquiry": ["New"], "sql": ["Qualified", value]}, version="other")
    assert agreements_apart(before, after) == f"The CRM's “{value}” now means sql."
    assert not agreements_apart(before, before)


def test_another_version_alone_is_told():
    """Where only the version differs, that is said."""
    before = agreed()
    assert "The version is other" in agreements_apart(before, before.model_copy(update={"version": "other"}))
