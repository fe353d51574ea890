from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_checks.sla import WorkingHours
from data_checks.working_time import local_time, working_clock

HOUR = 3_600_000_000
OFFICE = WorkingHours(
    timezone="Europe/Berlin", days=("mon", "tue", "wed", "thu", "fri"), opens="09:00", closes="17:30"
)


def moment(text: str) -> int:
    return int((datetime.fromisoformat(text) - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(microseconds=1))


def hours(begin: str, end: str, agreed: WorkingHours = OFFICE) -> float:
    first, last = working_clock(agreed).at(np.array([moment(begin), moment(end)]))
    return float((last - first) / HOUR)


@pytest.mark.parametrize(
    ("begin", "end", "expected"),
    [
        ("2026-11-23T09:00+01:00", "2026-11-23T17:30+01:00", 8.5),
        ("2026-11-23T08:00+01:00", "2026-11-23T10:00+01:00", 1.0),
        ("2026-11-23T12:00+01:00", "2026-11-24T12:00+01:00", 8.5),
        ("2026-11-20T17:00+01:00", "2026-11-23T09:15+01:00", 0.75),
        ("2026-11-21T00:00+01:00", "2026-11-22T23:59+01:00", 0.0),
        ("2026-03-27T09:00+01:00", "2026-03-30T09:00+02:00", 8.5),
        ("2026-11-23T09:00+01:00", "2026-11-23T09:00+01:00", 0.0),
    ],
)
def test_the_clock_runs_in_working_hours_only(begin: str, end: str, expected: float) -> None:
    """Nights and weekends do not count, and local opening hours hold on both sides of a change of clocks."""
    assert hours(begin, end) == expected


def test_holidays_do_not_count() -> None:
    """The clock stands still on an agreed holiday."""
    festive = OFFICE.model_copy(update={"holidays": (datetime(2026, 12, 25, tzinfo=UTC).date(),)})
    assert hours("2026-12-24T12:00+01:00", "2026-12-28T12:00+01:00", festive) == 5.5 + 3.0


@given(
    st.lists(st.integers(moment("1985-01-01T00:00Z"), moment("2105-01-01T00:00Z")), min_size=2, max_size=9)
)
def test_the_clock_never_runs_backwards(moments: list[int]) -> None:
    """A later moment never shows less, and never more than the time that has passed."""
    ordered = np.array(sorted(moments))
    shown = np.diff(working_clock(OFFICE).at(ordered))
    assert (shown >= 0).all()
    assert (shown <= np.diff(ordered)).all()


@pytest.mark.parametrize(
    "zone", ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"]
)
@given(seconds=st.integers(moment("1990-06-01T00:00Z") // 10**6, moment("2099-06-01T00:00Z") // 10**6))
def test_local_time_is_that_of_the_zone(zone: str, seconds: int) -> None:
    """Local clocks show what the time zone says, to the second, in every season."""
    told = datetime.fromtimestamp(seconds, ZoneInfo(zone)).replace(tzinfo=UTC)
    assert local_time(zone).at(np.array([seconds * 10**6])).tolist() == [int(told.timestamp()) * 10**6]


YEARS = st.integers(moment("1985-01-01T00:00Z"), moment("2095-01-01T00:00Z"))


@given(YEARS, st.integers(1, 2000 * HOUR))
def test_what_is_due_later_is_due_when_the_work_is_done(begun: int, worked: int) -> None:
    """At the moment that is due the clock has run for just so long, and a microsecond earlier it had not."""
    clock = working_clock(OFFICE)
    due = clock.later(begun, worked)
    first, before, last = clock.at(np.array([begun, due - 1, due]))
    assert last - first == worked
    assert before < last


@given(st.integers(moment("1990-01-01T09:00+01:00"), moment("2095-01-01T00:00Z")))
def test_what_is_due_at_once_is_due_now(begun: int) -> None:
    """No work takes no time, whether the office is open or not."""
    assert working_clock(OFFICE).later(begun, 0) == begun


def test_what_is_due_after_a_day_of_work_is_due_when_the_office_closes() -> None:
    """Eight and a half hours from the morning end that evening, not the next morning."""
    morning, evening = moment("2026-11-23T09:00+01:00"), moment("2026-11-23T17:30+01:00")
    assert working_clock(OFFICE).later(morning, round(8.5 * HOUR)) == evening
