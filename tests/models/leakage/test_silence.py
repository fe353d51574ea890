"""Periods in which no outcome was recorded."""

from dataclasses import replace

import numpy as np
import pytest

from crm_tables import NOW
from features.moments import DAY, NEVER
from leakage_world import LeakageWorld
from models.leakage.facts import Facts
from models.leakage.silence import silences

FACTS = LeakageWorld(leads=3000).facts()


def silent(since: int, until: int) -> Facts:
    """The world without the outcomes recorded between two days, counted back from now."""
    hit = (FACTS.reached >= NOW - since * DAY) & (FACTS.reached < NOW - until * DAY)
    return replace(FACTS, reached=np.where(hit, NEVER, FACTS.reached))


def test_a_history_without_gaps_is_left_in_peace():
    """Outcomes all along give no period, immature leads at the end notwithstanding."""
    assert [*silences(FACTS)] == []


@pytest.mark.parametrize(("since", "until"), [(401, 250), (250, 180), (60, -1)])
def test_a_gap_is_found_wherever_it_lies(since, until):
    """At the beginning, in the middle and at the end; the period begins with the leads that lose by it."""
    [found] = silences(silent(since, until))
    assert abs(found.until - min(NOW - until * DAY, NOW)) < 5 * DAY
    assert found.since <= NOW - since * DAY + 3 * DAY
    assert found.since > NOW - (since + 91) * DAY


def test_a_few_strays_do_not_hide_a_gap():
    """Three outcomes in seven months, where a hundred were expected, are what somebody recorded later."""
    facts, gap = FACTS, silent(320, 100)
    strays = np.flatnonzero(facts.reached != gap.reached)[[10, 60, 110]]
    gap.reached[strays] = facts.reached[strays]
    [found] = silences(gap)
    assert found.until - found.since > 180 * DAY
    assert found.evidence.figures["observed"] > 0


def test_a_gap_that_chance_may_leave_is_left_in_peace():
    """Two weeks are no gap in thirteen months, and neither is a long time in which few were expected."""
    assert [*silences(silent(200, 186))] == []
    few = LeakageWorld(leads=60).facts()
    assert [
        *silences(replace(few, reached=np.where(few.reached < NOW - 200 * DAY, NEVER, few.reached)))
    ] == []


def test_a_rate_that_rises_is_no_gap():
    """A rate that grows from one in a hundred to a half leaves sparse early months, not silent ones."""
    keep = np.random.default_rng(1).random(3000) < np.linspace(0.04, 1, 3000)
    assert [*silences(replace(FACTS, reached=np.where(keep, FACTS.reached, NEVER)))] == []
