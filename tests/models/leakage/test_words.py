"""Names and values that speak of what came later."""

import pytest

from crm_tables import agreed
from leakage_world import LeakageWorld
from models.leakage.words import words


@pytest.mark.parametrize("name", ["last_activity", "LastModifiedDate", "open_count", "Lead Quality", "tags"])
def test_a_name_of_the_export_or_of_a_judgement_is_a_hint(name):
    """Such a name is a hint, however it is spelled, and never more."""
    [found] = words(*LeakageWorld(columns={name: ["a"] * 600}).column(name))
    assert found.strength == "hint"


@pytest.mark.parametrize(
    "name",
    ["industry", "lead_source", "account", "outlast", "last_name", "marital_status", "EmployeeCount"],
)
def test_a_plain_name_is_no_hint(name):
    """A word within another word is none, nor is one in the name of a plain fact."""
    assert [*words(*LeakageWorld(columns={name: ["a"] * 600}).column(name))] == []


def test_values_about_dealings_are_a_hint_if_they_are_common():
    """A third of the leads under such values is a hint, one in ten is none."""
    often, seldom = (["Phone Ringing"] * part + ["Web"] * (600 - part) for part in (200, 60))
    assert [one.strength for one in words(*LeakageWorld(columns={"note_": often}).column("note_"))] == [
        "hint"
    ]
    assert [*words(*LeakageWorld(columns={"origin": seldom}).column("origin"))] == []


def test_a_rating_that_the_agreement_reads_on_a_scale_is_no_judgement():
    """Both teams agreed on the scale, so its name is not held against it."""
    agreement = agreed({"field": "bbb_rating", "rule": "scale", "scale": "bbb"})
    ratings = {"bbb_rating": ["A"] * 600}
    assert [*words(*LeakageWorld(columns=ratings, agreement=agreement).column("bbb_rating"))] == []
    assert [*words(*LeakageWorld(columns=ratings).column("bbb_rating"))] != []
