"""Clocks: their inverse is exact, and the office keeps its hours."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipeline.sample_crm.clock import DAY, HOUR, NEVER, WEEK, WORLD_ENDS, office, rhythm, world_starts

STARTS = world_starts(18)
CLOCKS = (office(STARTS), rhythm(STARTS), rhythm(STARTS, (STARTS + 30 * DAY, STARTS + 50 * DAY)))
moments = st.integers(STARTS, WORLD_ENDS + 300 * DAY)


@given(moment=moments, which=st.integers(0, 2))
def test_when_inverts_at(moment, which):
    """The last moment at which a clock shows what it shows now is now, or later while it stands still."""
    clock = CLOCKS[which]
    again = int(clock.when(clock.at(moment)))
    assert again >= moment - 1
    assert np.isclose(clock.at(again), clock.at(moment), atol=1e-7)


@given(first=moments, second=moments, which=st.integers(0, 2))
def test_clocks_never_run_backwards(first, second, which):
    """A later moment never shows less."""
    clock = CLOCKS[which]
    early, late = sorted((first, second))
    assert clock.at(early) <= clock.at(late)


@given(moment=moments, which=st.integers(0, 2))
def test_pace_is_the_slope(moment, which):
    """Within an hour a clock runs at its pace."""
    clock = CLOCKS[which]
    hour = moment - (moment - STARTS) % HOUR
    passed = clock.at(hour + HOUR // 2) - clock.at(hour)
    assert np.isclose(passed, clock.pace(np.array([moment]))[0] / 48, atol=1e-9)


def test_a_week_is_seven_days_on_every_clock():
    """Over whole weeks without an outage every clock shows as many days as have passed."""
    for clock in CLOCKS[:2]:
        assert np.isclose(clock.at(STARTS + 9 * WEEK), 63)


def test_the_office_is_closed_at_night_and_at_weekends():
    """The office's clock never stops between 08:00 and 18:00 on weekdays, and only runs then."""
    times = STARTS + HOUR * np.arange(24 * 7)
    running = CLOCKS[0].pace(times) > 0
    hour, day = (times // HOUR) % 24, np.arange(24 * 7) // 24
    assert (running == ((hour >= 8) & (hour < 18) & (day < 5))).all()


def test_beyond_the_last_hour_is_never():
    """What a clock does not get to show is shown never."""
    assert CLOCKS[0].when(1e9) == NEVER
