"""Rows of one lead that break a rule are left out."""

from __future__ import annotations

import pytest

from crm_tables import NOW, agreed
from data_checks.agreement import Agreement
from features.lead_input import Activity, LeadInput, StageChange
from features.moments import DAY, NEVER
from models.row_sieve import MOST_ISSUES, RowSieve

SOUND = Activity("Form", NOW - DAY)
FIELDS = {"created_at": "2026-01-01"}


def sifted(*activities: Activity, agreement: Agreement | None = None, changes: tuple[StageChange, ...] = ()):
    lead = LeadInput("L", NOW, FIELDS, activities, changes)
    return RowSieve(agreement or agreed(), {}).sift(lead)


def test_a_sound_lead_comes_back_as_it_was():
    """Nothing is said of rows that keep every rule, and nothing is copied."""
    lead = LeadInput("L", NOW, FIELDS, (SOUND, SOUND), (StageChange(NOW - DAY, "new "),))
    kept, issues = RowSieve(agreed(), {}).sift(lead)
    assert kept is lead
    assert issues == ()


@pytest.mark.parametrize(
    ("odd", "field", "rule"),
    [
        (Activity(" ", NOW - DAY), "activity_type", "required"),
        (Activity("Form", 5 * DAY), "occurred_at", "possible"),
        (Activity("Form", 180 * 365 * DAY), "occurred_at", "possible"),
    ],
)
def test_an_odd_activity_goes_alone_and_its_place_is_named(odd, field, rule):
    """An impossible activity is left out, its neighbours stay, and the issue names its place."""
    kept, issues = sifted(SOUND, odd, SOUND)
    assert kept.activities == (SOUND, SOUND)
    assert (issues[0].field, issues[0].rule, issues[0].breach) == (f"activities[1].{field}", rule, "flag")
    assert issues[0].message.startswith("this activity was not used: ")


def test_an_unreadable_activity_leaves_the_places_of_the_others():
    """A row without a moment is left out in silence, its reader having told it, and keeps its place."""
    kept, issues = sifted(Activity("Form", NEVER), Activity("", NOW - DAY))
    assert kept.activities == ()
    assert [issue.field for issue in issues] == ["activities[1].activity_type"]


def test_an_impossible_recording_is_read_as_none():
    """An activity can do without its recorded_at: the value goes, the activity stays."""
    kept, issues = sifted(Activity("Form", NOW - DAY, recorded_at=5 * DAY))
    assert kept.activities == (SOUND,)
    assert issues[0].message.startswith("this recorded_at was not used: ")


def test_an_activity_before_its_lead_stays():
    """What happened before its lead was created is reported and used."""
    kept, issues = sifted(Activity("Form", NOW - 400 * DAY))
    assert len(kept.activities) == 1
    assert [(issue.field, issue.rule) for issue in issues] == [
        ("activities[0].occurred_at", "after_its_lead")
    ]


def test_a_copy_counts_once_and_a_contradiction_not_at_all():
    """Of identical activities with one id the first is used, of different ones none."""
    one, copy = (Activity("Form", NOW - DAY, activity_id="A") for _ in range(2))
    other = Activity("Call", NOW - DAY, activity_id="B")
    different = Activity("Form", NOW - DAY, activity_id="B")
    kept, issues = sifted(one, other, copy, different)
    assert kept.activities == (one,)
    assert [(issue.field[:13], issue.rule) for issue in issues] == [
        ("activities[1]", "unique"),
        ("activities[2]", "copy"),
        ("activities[3]", "unique"),
    ]


def test_an_unknown_stage_is_reported():
    """A stage that the agreement does not know is named and kept, as in the tables."""
    kept, issues = sifted(changes=(StageChange(NOW - DAY, "Zombie"),))
    assert len(kept.stage_changes) == 1
    assert [(issue.field, issue.rule) for issue in issues] == [("stage_changes[0].stage", "known_stage")]


def test_the_future_is_not_asked():
    """A clause is not asked of what happens after the moment at which the lead is looked at."""
    agreement = agreed(
        {"table": "activities", "field": "activity_type", "rule": "allowed", "values": ["X"]}
        | {"breach": "reject"}
    )
    kept, issues = sifted(SOUND, Activity("Form", NOW + DAY), agreement=agreement)
    assert kept.activities == (Activity("Form", NOW + DAY),)
    assert len(issues) == 1


def test_many_issues_are_counted():
    """A lead with hundreds of bad rows is told a few of them, and how many there are."""
    kept, issues = sifted(*[Activity("", NOW - DAY)] * 300)
    assert kept.activities == ()
    assert len(issues) == MOST_ISSUES + 1
    assert "280 more" in issues[-1].message
    assert "300 rows were not used" in issues[-1].message
