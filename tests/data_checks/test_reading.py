"""What a text says: a number, a moment, a truth."""

import json
import math
from datetime import UTC, date, datetime, timedelta, timezone

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_checks.reading import as_text, parse_boolean, parse_number, parse_time

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@given(json_values)
def test_every_json_value_has_a_text_or_is_missing(value):
    """What a request holds becomes a text, and the same text when it is read again."""
    text = as_text(value)
    assert text is None or as_text(text) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_survives_its_text(number):
    """A finite number written and read again is the same number."""
    assert parse_number(as_text(number)) == number


@given(st.integers(-(2**53), 2**53))
def test_a_whole_number_has_one_text_whatever_its_type(number):
    """12, 12.0 and NumPy's 12 are one text, as they are one value."""
    assert as_text(number) == as_text(float(number)) == as_text(np.int64(number)) == str(number)


@pytest.mark.parametrize("value", [None, float("nan"), np.nan, pd.NA, pd.NaT, np.datetime64("NaT")])
def test_all_that_is_missing_has_no_text(value):
    """Every library's word for nothing is nothing."""
    assert as_text(value) is None


def test_an_integer_too_long_to_write_out_is_no_number():
    """A number of five thousand digits neither fails nor passes for a number."""
    assert parse_number(as_text(10**5000)) is None


@given(st.text())
def test_reading_never_fails(text):
    """Any text at all is read as something or as nothing; never with an error or as an infinity."""
    number, moment = parse_number(text), parse_time(text)
    assert number is None or math.isfinite(number)
    assert moment is None or isinstance(moment, int)
    assert parse_boolean(text) in {True, False, None}


@given(
    st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30)),  # noqa: DTZ001
    st.integers(-23, 23),
)
def test_a_moment_is_the_same_in_every_zone(moment, hours):
    """A time read from ISO 8601 with any offset is the same moment."""
    utc = moment.replace(tzinfo=UTC)
    written = utc.astimezone(timezone(timedelta(hours=hours))) if 1 < moment.year < 9999 else utc
    expected = (utc - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    assert parse_time(written.isoformat()) == parse_time(as_text(written)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "03/04/2026",
        "4.3.2026",
        "2026-3-4",
        "20260304",
        "1767225600",
        "2026-02-30",
        "2026-01-31T25:00",
        "2026-01-31T10:00+02:60",
        "2026-01-31T10:00+0199",
        "now",
    ],
)
def test_what_could_be_two_dates_is_none(text):
    """An ambiguous or impossible date is not guessed at."""
    assert parse_time(text) is None


def test_a_plain_date_is_its_midnight_in_utc():
    """Dates and times without an offset are UTC, as all tables are."""
    midnight = parse_time("2026-01-31T00:00:00Z")
    assert parse_time("2026-01-31") == parse_time("2026-01-31 00:00") == midnight
    assert parse_time(as_text(date(2026, 1, 31))) == midnight


@pytest.mark.parametrize(
    "text", ["about 200", "1,200", "1 200", "1.200,5", "1_200", "$5", "0x10", "nan", "inf", "1e999", "\u0663"]
)
def test_what_is_not_plainly_a_number_is_none(text):
    """Words, separators, units, infinities and other scripts' digits are refused, not guessed."""
    assert parse_number(text) is None


def test_structured_values_are_written_as_json():
    """A list or an object of a request keeps what it holds."""
    assert json.loads(as_text({"a": [1, None]}) or "") == {"a": [1, None]}
