"""Dates in a column against the date of its lead."""

import numpy as np

from crm_tables import NOW
from features.moments import DAY, to_time
from leakage_world import LeakageWorld
from models.leakage.dates import dated_later

WORLD = LeakageWorld()


def dates(moments: np.ndarray) -> dict[str, list[object]]:
    return {"on": [to_time(int(moment)).isoformat() for moment in moments]}


def test_stamps_later_than_the_lead_convict():
    """Dates a month after the lead, none of them in the future, were not known with it."""
    stamped = np.minimum(WORLD.created + 30 * DAY, NOW)
    [found] = dated_later(*LeakageWorld(columns=dates(stamped)).column("on"))
    assert found.strength == "conclusive"


def test_plans_are_left_in_peace():
    """Dates a month after the lead, of the youngest leads in the future, are plans."""
    assert [*dated_later(*LeakageWorld(columns=dates(WORLD.created + 30 * DAY)).column("on"))] == []


def test_dates_before_the_lead_are_left_in_peace():
    """A year of foundation, a first visit: dates before the lead, or on its day."""
    for earlier in (WORLD.created - 3000 * DAY, WORLD.created + DAY // 2):
        assert [*dated_later(*LeakageWorld(columns=dates(earlier)).column("on"))] == []


def test_where_no_young_lead_has_a_date_it_is_a_hint():
    """Without young leads that have one, plans and stamps cannot be told apart."""
    stamped = dates(WORLD.created + 30 * DAY)["on"]
    old = [date if lead < 500 else None for lead, date in enumerate(stamped)]
    [found] = dated_later(*LeakageWorld(columns={"on": old}).column("on"))
    assert found.strength == "hint"
