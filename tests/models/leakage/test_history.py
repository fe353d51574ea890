"""Today's value against the history."""

import numpy as np

from crm_tables import agreed
from features.moments import DAY
from leakage_world import LeakageWorld
from models.leakage.history import changed_since, mirrors_today, unrecorded

WORLD = LeakageWorld()
VISITS = [
    (lead, "Visit", int(WORLD.created[lead]) + day * DAY, None)
    for lead in range(300)
    for day in range(1, 1 + lead % 7)
]
COUNTS = np.bincount([row[0] for row in VISITS], minlength=600)


def test_a_count_up_to_the_export_convicts():
    """A number that equals the activities of each lead today was not known when it came in."""
    world = LeakageWorld(columns={"visits": COUNTS}, activities=VISITS)
    [found] = mirrors_today(*world.column("visits"))
    assert found.strength == "conclusive"


def test_other_numbers_are_no_count():
    """A number of its own, and one that is always what most counts are, do not mirror them."""
    once = [(lead, "Form", int(WORLD.created[lead]) + DAY, None) for lead in range(300)]
    for column, activities in ((COUNTS[::-1], VISITS), (np.ones(600, int), once)):
        world = LeakageWorld(columns={"visits": column}, activities=activities)
        assert [*mirrors_today(*world.column("visits"))] == []


def edited(today: str) -> LeakageWorld:
    """A hundred leads were changed from small to large on record; today they hold something."""
    changes = [(lead, "size", int(WORLD.created[lead]) + DAY, "small", "large") for lead in range(100)]
    return LeakageWorld(
        columns={"size": [today if lead < 100 else "small" for lead in range(600)]},
        edits=changes,
        agreement=agreed({"field": "size", "rule": "allowed", "values": {"large": ["big"], "small": []}}),
    )


def test_a_complete_history_is_noted_and_the_value_of_the_moment_is_read():
    """What was changed on record is a note; the column of the audit holds the value before the change."""
    facts, column = edited("large").column("size")
    [found] = changed_since(facts, column)
    assert found.strength == "note"
    assert found.figures["leads"] == 100
    assert column.texts.labels[column.texts.codes[0]] == "small"
    assert [*unrecorded(facts, column)] == []


def test_a_spelling_that_was_agreed_is_no_change():
    """Where the agreement knows another spelling, the history is complete."""
    assert [*unrecorded(*edited(" BIG ").column("size"))] == []


def test_a_change_without_a_trace_convicts():
    """Leads that hold neither the last value of their history nor a spelling of it convict."""
    [found] = unrecorded(*edited("gone").column("size"))
    assert found.strength == "conclusive"
    assert found.figures["differ"] == 100
