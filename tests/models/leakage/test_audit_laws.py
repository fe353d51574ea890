"""What must hold of the audit in any world."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from crm_tables import NOW, agreed
from data_checks.tables import CrmHistory
from features.from_history import records_from_history
from features.moments import NEVER
from leakage_world import ON_ARRIVAL, LeakageWorld
from models.leakage.audit import audit


@given(seed=st.integers(0, 10_000), leads=st.integers(150, 900), rate=st.floats(0.2, 0.8))
def test_a_column_that_copies_the_outcome_is_always_suspect(seed, leads, rate):
    """Whatever the world, and whether it copies it in words, in numbers or by being filled."""
    world = LeakageWorld(leads=leads, seed=seed, rate=rate)
    won = world.reached != NEVER
    columns = {
        "in_words": np.where(won, "x", "y"),
        "in_numbers": won * 1000 + np.arange(leads) % 900,
        "when_won": np.where(won, "x", None),
    }
    found = LeakageWorld(leads=leads, seed=seed, rate=rate, columns=columns).audit()
    assume(not found.too_few)
    assert {name for name in columns if found.of("column")[name].suspect} == set(columns)


@given(seed=st.integers(0, 10_000), leads=st.integers(30, 900), rate=st.floats(0, 1))
def test_what_has_nothing_to_do_with_the_outcome_is_not_suspect(seed, leads, rate):
    """Names, numbers, gaps, rare values and activities drawn by chance; nothing is thrown out."""
    world = LeakageWorld(leads=leads, seed=seed, rate=rate)
    draw = world.draw
    columns = {
        "colour": draw.choice(["red", "green", "blue"], leads),
        "height": draw.normal(size=leads).round(3),
        "gaps": np.where(draw.random(leads) < 0.3, "filled", None),
        "town": draw.integers(0, 200, leads).astype(str),
        "constant": np.full(leads, "one"),
        "name": np.char.add("n", np.arange(leads).astype(str)),
        "mostly": np.where(draw.random(leads) < 0.03, "seldom", "often"),
    }
    calls = [
        (lead, "Call", int(world.created[lead] + draw.exponential(5e12)), None)
        for lead in draw.integers(0, leads, 2 * leads).tolist()
    ]
    found = LeakageWorld(leads=leads, seed=seed, rate=rate, columns=columns, activities=calls).audit()
    assert [one.name for one in found.examined if one.suspect] == []


@pytest.mark.parametrize(("leads", "rate"), [(1, 0.3), (5, 0.0), (40, 1.0), (200, 0.02)])
def test_with_too_few_outcomes_the_audit_says_so(leads, rate):
    """It compares nothing then, and does not fail."""
    found = LeakageWorld(leads=leads, rate=rate, columns={"a": ["x"] * leads}).audit()
    assert found.too_few
    assert [one.name for one in found.examined if one.suspect] == []


def test_the_audit_repeats_itself():
    """The same history gives the same findings, to the last figure."""
    world = LeakageWorld(columns={"a": np.random.default_rng(1).normal(size=600)})
    assert world.audit() == world.audit()


def test_without_any_lead_there_is_nothing_to_find():
    """An empty history is audited and found clear, and so is one without stage changes."""
    history = LeakageWorld(leads=60, columns={"a": ["x"] * 60}).history()
    nobody = CrmHistory(leads=history.leads.iloc[:0])
    told_by_date = CrmHistory(leads=history.leads, absent=frozenset({"stage_changes", "activities"}))
    for tables in (nobody, told_by_date):
        found = audit(records_from_history(tables), agreed(), ON_ARRIVAL, NOW)
        assert found.too_few
        assert [one.name for one in found.examined if one.suspect] == []
