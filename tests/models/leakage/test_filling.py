"""When a column is filled: once the outcome is known, with one outcome, or in leads old enough."""

import numpy as np
import pytest

from crm_tables import NOW
from features.moments import DAY, NEVER
from leakage_world import LeakageWorld
from models.leakage.filling import decided_only, fill_tied, young_lack

WORLD = LeakageWorld()
WON, CLOSED = WORLD.reached != NEVER, WORLD.closed != NEVER


def filled(flags: np.ndarray) -> dict[str, list[object]]:
    return {"asked": ["yes" if flag else None for flag in flags]}


@pytest.mark.parametrize("flags", [WON, WON | CLOSED, WON & (WORLD.draw.random(600) < 0.3)])
def test_a_column_of_decided_leads_is_convicted(flags):
    """Filled for decided leads alone, be they won or lost and be it ever so seldom, is conclusive."""
    [found] = decided_only(*LeakageWorld(columns=filled(flags)).column("asked"))
    assert found.strength == "conclusive"
    assert found.figures["decided"] == found.figures["filled"] == flags.sum()


def test_a_column_filled_by_chance_is_left_in_peace():
    """Filled for a random half, it gives no evidence of any of these kinds."""
    facts, column = LeakageWorld(columns=filled(WORLD.draw.random(600) < 0.5)).column("asked")
    assert [*decided_only(facts, column), *fill_tied(facts, column), *young_lack(facts, column)] == []


def test_a_column_given_up_long_ago_is_left_in_peace():
    """All leads of an early time are decided, so a column filled only then says nothing."""
    world = LeakageWorld(rate=0.97)
    flags = world.created < NOW - 200 * DAY
    assert [*decided_only(*LeakageWorld(rate=0.97, columns=filled(flags)).column("asked"))] == []


def test_a_fill_rate_that_differs_by_outcome_is_a_hint():
    """Filled for nine in ten winners and four in ten others is a hint, as it may be honest."""
    flags = WORLD.draw.random(600) < np.where(WON, 0.9, 0.4)
    [found] = fill_tied(*LeakageWorld(columns=filled(flags)).column("asked"))
    assert found.strength == "hint"
    assert found.figures["filled_of_reached"] > 0.8
    assert found.figures["filled_of_others"] < 0.5


def test_what_the_youngest_lack_is_a_hint_without_any_outcome():
    """Filled in for four in five leads two weeks after they came in, and for nobody before."""
    world = LeakageWorld(leads=4000)
    flags = (world.created < NOW - 14 * DAY) & (world.draw.random(4000) < 0.8)
    [found] = young_lack(*LeakageWorld(leads=4000, columns=filled(flags)).column("asked"))
    assert found.strength == "hint"
    assert found.figures["filled_of_youngest"] < 0.2


def test_a_slow_drift_is_not_what_the_youngest_lack():
    """A fill rate that falls from 90 to 40 % over the whole history moves the youngest hardly at all."""
    world = LeakageWorld(leads=4000)
    flags = world.draw.random(4000) < np.linspace(0.9, 0.4, 4000)
    assert [*young_lack(*LeakageWorld(leads=4000, columns=filled(flags)).column("asked"))] == []
