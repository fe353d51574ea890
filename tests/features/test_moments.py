from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.moments import NEVER, parse_moment, to_moments, to_time

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MOMENTS = st.datetimes(datetime(1700, 1, 1), datetime(2260, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@pytest.mark.parametrize("zone", ["UTC", "Asia/Kolkata", "America/St_Johns"])
@given(st.lists(MOMENTS | st.none(), min_size=1))
def test_a_moment_is_the_same_in_every_zone(zone: str, times: list[datetime | None]) -> None:
    """A time counts its microseconds since 1970 UTC in whatever zone it is told; a missing one is NEVER."""
    told = pd.Series(times, dtype="datetime64[us, UTC]").dt.tz_convert(zone)
    expected = [NEVER if time is None else (time - EPOCH) // timedelta(microseconds=1) for time in times]
    assert to_moments(told).tolist() == expected


@given(MOMENTS)
def test_a_moment_is_read_back_as_it_was_written(time: datetime) -> None:
    """Writing a moment as a time and reading it loses no microsecond, before 1970 either."""
    moment = (time - EPOCH) // timedelta(microseconds=1)
    assert to_time(moment) == time
    assert parse_moment(to_time(moment).isoformat()) == moment
