"""Times: UTC in, UTC out, and nothing guessed."""

import zoneinfo
from datetime import UTC, date, datetime, timedelta

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from data_checks.reading import parse_time
from nasty_texts import NASTY
from source_files import lead_column, read_files, read_leads


def quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def read_moments(texts: list[str], mapped: str = "", **keys: str) -> list[object]:
    """Return converted_at of leads that have these texts there."""
    lines = "".join(f"L{number},2026-01-01,{quoted(text)}\n" for number, text in enumerate(texts))
    columns = f"converted_at: {{column: converted_at, {mapped}}}" if mapped else ""
    return lead_column(
        read_leads("lead_id,created_at,converted_at\n" + lines, columns, **keys), "converted_at"
    )


def microseconds(moments: list[object]) -> list[int | None]:
    return [None if moment is None else int(moment.as_unit("us").asm8.view("i8")) for moment in moments]


parts = st.sampled_from(
    ["2026", "-", "01", "31", "T", " ", "10", ":", "59", ".", "5", "Z", "+", "05:30", "/", "é", "0000"]
)
near_times = st.lists(parts, max_size=12).map("".join)
offsets = st.sampled_from(
    ["", "Z", "z", "+02:00", "-0330", "+14", " +05:30", "+24:00", "-00:00", "+02:60", "-0199"]
)
clocks = st.sampled_from(
    ["", "T10:30", " 10:30:59", "T23:59:59.999999", "T00:00:00.1234567", "T24:00", "t07:08:09.5"]
)
true_times = st.builds(
    lambda day, clock, offset: f"{day}{clock}{offset if clock else ''}", st.dates(), clocks, offsets
)


@settings(max_examples=12)
@given(st.lists(near_times | true_times | st.sampled_from(NASTY), min_size=10, max_size=80))
@example(
    [
        "0000-01-01",
        "0001-01-01T00:00+14:00",
        "9999-12-31T23:59:59.999999Z",
        "\u00a02026-01-05\u3000",
        "2026-01-05\x1f",
        "2026-01-05T10:00+02:60",
        "2026-01-05T10:00-02:59",
    ]
)
def test_a_time_is_read_as_the_endpoint_reads_it(texts):
    """A time of a table and a time of a request are read by one rule: `data_checks.reading.parse_time`."""
    texts = [text for text in texts if "\x00" not in text]
    assert microseconds(read_moments(texts)) == [parse_time(text) for text in texts]


@pytest.mark.parametrize(
    "text", ["03/04/2026", "3.4.2026", "13/04/2026", "04-03-2026", "20260403", "46115", "Apr 3, 2026"]
)
def test_day_and_month_are_never_guessed(text):
    """A date that is not ISO 8601 is refused until the mapping names its format."""
    assert read_moments([text]) == [None]


def test_a_named_format_is_read_as_it_says():
    """Day first or month first is what the mapping says, and nothing else."""
    day_first = read_moments(["03/04/2026", "31/12/2025"], 'format: "%d/%m/%Y"')
    month_first = read_moments(["03/04/2026", "31/12/2025"], 'format: "%m/%d/%Y"')
    assert day_first == [pd.Timestamp("2026-04-03", tz="UTC"), pd.Timestamp("2025-12-31", tz="UTC")]
    assert month_first == [pd.Timestamp("2026-03-04", tz="UTC"), None]


def test_two_formats_that_disagree_about_a_date_leave_it_unread():
    """With several formats a date counts if they agree on it; the one that could be swapped is not read."""
    texts = ["03/04/2026", "31/12/2025", "12/31/2025", "05/05/2026"]
    read = read_moments(texts, 'format: ["%d/%m/%Y", "%m/%d/%Y"]')
    assert read == [
        None,
        *(pd.Timestamp(day, tz="UTC") for day in ("2025-12-31", "2025-12-31", "2026-05-05")),
    ]


@pytest.mark.parametrize(
    ("format_", "text", "moment"),
    [
        ("%d.%m.%Y %H:%M", "5.1.2026 7:30", "2026-01-05T07:30"),
        ("%b %d, %Y %I:%M %p", "Jan 05, 2026 07:30 PM", "2026-01-05T19:30"),
        ("%Y%m%d%H%M%S", "20260105073015", "2026-01-05T07:30:15"),
        ("%d/%m/%Y %H:%M %z", "05/01/2026 07:30 +0200", "2026-01-05T05:30"),
        ("epoch_seconds", "1767598200.5", "2026-01-05T07:30:00.5"),
        ("epoch_milliseconds", "1767598200500", "2026-01-05T07:30:00.5"),
        ("epoch_seconds", "1e300", None),
        ("%d.%m.%Y", "31.02.2026", None),
    ],
)
def test_formats_of_other_systems(format_, text, moment):
    """Dates of other countries, twelve-hour clocks, offsets and seconds since 1970 have their formats."""
    expected = None if moment is None else pd.Timestamp(moment, tz="UTC")
    assert read_moments([text], f'format: "{format_}"') == [expected]


ZONES = (
    "Europe/Berlin",
    "America/Sao_Paulo",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
    "Africa/Cairo",
)
FIRST, LAST = datetime(1995, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC)


def changes(zone: str) -> list[datetime]:
    """The local times, to the hour, at which the clocks of a zone were changed."""
    info, hour, found = zoneinfo.ZoneInfo(zone), FIRST, []
    while hour < LAST:
        later = hour + timedelta(hours=1)
        if hour.astimezone(info).utcoffset() != later.astimezone(info).utcoffset():
            found.append(hour.astimezone(info).replace(tzinfo=None))
        hour = later
    return found


def moments_of(local: datetime, zone: str) -> list[datetime]:
    """The moments at which the clocks of a zone showed a time, by Python's own zone database."""
    info = zoneinfo.ZoneInfo(zone)
    tried = {local.replace(tzinfo=info, fold=fold).astimezone(UTC) for fold in (0, 1)}
    return sorted(at for at in tried if at.astimezone(info).replace(tzinfo=None) == local)


@pytest.mark.parametrize("zone", ZONES)
def test_a_local_time_is_the_moment_at_which_clocks_showed_it(zone):
    """Times without an offset are read in the mapping's zone, unless clocks showed them never or twice."""
    ordinary = [FIRST.replace(tzinfo=None) + timedelta(hours=hour * 997) for hour in range(300)]
    around = [edge + timedelta(minutes=minutes) for edge in changes(zone) for minutes in range(-90, 151, 15)]
    times = ordinary + around
    possible = [moments_of(time, zone) for time in times]
    for change, pick in (("refuse", 0), ("earlier", 0), ("later", -1)):
        expected = [
            pd.Timestamp(at[pick]) if len(at) == 1 or (at and change != "refuse") else None for at in possible
        ]
        texts = [time.isoformat(sep=" ") for time in times]
        assert read_moments(texts, timezone=zone, clock_change=change) == expected


@pytest.mark.parametrize("zone", ZONES)
def test_a_day_begins_at_its_first_moment(zone):
    """A date without an hour is the moment at which that day began, even where its midnight was skipped."""
    info = zoneinfo.ZoneInfo(zone)
    days = [date(2017, 1, 1) + timedelta(days=number) for number in range(800)]
    read = read_moments([day.isoformat() for day in days], timezone=zone)
    for day, moment in zip(days, read, strict=True):
        assert moment.astimezone(info).date() == day
        assert (moment - pd.Timedelta("1us")).astimezone(info).date() < day


def test_an_offset_wins_over_the_zone():
    """A time that carries its offset is not moved by the mapping's zone."""
    assert read_moments(["2026-07-01T12:00+02:00", "2026-07-01T12:00"], timezone="America/New_York") == [
        pd.Timestamp("2026-07-01T10:00", tz="UTC"),
        pd.Timestamp("2026-07-01T16:00", tz="UTC"),
    ]


def test_a_column_may_have_a_zone_of_its_own():
    """One system writes UTC, the other local time: the zone belongs to the column."""
    reading = read_leads(
        "lead_id,created_at,converted_at\nL1,2026-07-01,2026-07-01\n",
        "converted_at: {column: converted_at, timezone: Asia/Kolkata}",
    )
    assert lead_column(reading, "created_at") == [pd.Timestamp("2026-07-01", tz="UTC")]
    assert lead_column(reading, "converted_at") == [pd.Timestamp("2026-06-30T18:30", tz="UTC")]


@pytest.mark.parametrize(
    ("kind", "value", "moment"),
    [
        (pa.timestamp("ns"), 1_767_598_200_123_456_789, "2026-01-05T06:30:00.123456"),
        (pa.timestamp("ms"), 1_767_598_200_000, "2026-01-05T06:30"),
        (pa.timestamp("us", "America/New_York"), 1_767_598_200_000_000, "2026-01-05T07:30"),
        (pa.date32(), 20_458, "2026-01-04T23:00"),
        (pa.string(), "2026-01-05T07:30", "2026-01-05T06:30"),
        (pa.int64(), 1_767_598_200, None),
    ],
)
def test_times_of_parquet(kind, value, moment):
    """Typed times are UTC if they have a zone and local if they have none; a bare number is no time."""
    table = pa.table(
        {"lead_id": ["L1"], "created_at": ["2026-01-01"], "converted_at": pa.array([value], kind)}
    )
    mapping = "timezone: Europe/Paris\ntables: {leads: {file: leads.parquet}}"
    expected = None if moment is None else pd.Timestamp(moment, tz="UTC")
    assert lead_column(read_files({"leads.parquet": table}, mapping), "converted_at") == [expected]


def test_a_time_can_be_shifted():
    """A column that is known to be early by a day is moved by a day."""
    assert read_moments(["2026-01-05"], "plus: 1.5 days") == [pd.Timestamp("2026-01-06T12:00", tz="UTC")]
