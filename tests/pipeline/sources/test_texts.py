"""Values written as text: the same in a table and in a request."""

import datetime as dt
from decimal import Decimal

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_checks.reading import as_text, parse_boolean, parse_number
from nasty_texts import NASTY
from source_files import LEADS, lead_column, read_files

YEAR_1000 = dt.datetime.fromisoformat("1000-01-01")


def texts_of(values: list[object], kind: pa.DataType) -> list[object]:
    """Return a custom column of leads that a Parquet file has with these values."""
    ids = [f"L{number}" for number in range(len(values))]
    table = pa.table({"lead_id": ids, "created_at": ["2026-01-01"] * len(ids), "x": pa.array(values, kind)})
    return lead_column(read_files({"leads.parquet": table}), "x")


def wanted(values: list[object]) -> list[str | None]:
    return [as_text(value) or None for value in values]


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (pa.float64(), st.floats()),
        (pa.int64(), st.integers(-(2**63), 2**63 - 1)),
        (pa.uint64(), st.integers(0, 2**64 - 1)),
        (pa.bool_(), st.booleans()),
        (pa.date32(), st.dates()),
        (pa.timestamp("us", "UTC"), st.datetimes(YEAR_1000, timezones=st.just(dt.UTC))),
        (pa.timestamp("us"), st.datetimes(YEAR_1000)),
        (pa.list_(pa.int64()), st.lists(st.integers(-100, 100), max_size=3)),
    ],
    ids=str,
)
@settings(max_examples=8)
@given(data=st.data())
def test_a_typed_column_is_written_as_a_request_would_be(kind, values, data):
    """Numbers the shortest way, truths, dates, times and lists: one rule, `data_checks.reading.as_text`."""
    drawn = data.draw(st.lists(st.none() | values, min_size=20, max_size=80))
    assert texts_of(drawn, kind) == wanted(drawn)


@pytest.mark.parametrize(
    "number", [12.0, 0.1, -0.0, 1e15, 1e16, 123456789012345680.0, 1e-5, 1e-7, 5e-324, 1.7976931348623157e308]
)
def test_numbers_at_the_edges_of_their_notation(number):
    """Where Python changes from digits to exponents, so does the table."""
    assert texts_of([number], pa.float64()) == [as_text(number)]


def test_short_floats_and_decimals_are_written_as_people_know_them():
    """0.1 of four bytes is 0.1, and a decimal has no zeros behind what it says."""
    assert texts_of([0.1, 12.0], pa.float32()) == ["0.1", "12"]
    decimals = [Decimal("12.50"), Decimal("12.00"), Decimal("-0.05"), Decimal(100), None]
    assert texts_of(decimals, pa.decimal128(18, 2)) == ["12.5", "12", "-0.05", "100", None]
    assert texts_of([Decimal(100)], pa.decimal128(18, 0)) == ["100"]


@settings(max_examples=8)
@given(st.lists(st.sampled_from(NASTY) | st.text(), min_size=1, max_size=30))
def test_a_text_is_as_it_was_written(texts):
    """White space, case and strange letters are for the checks to judge, not for reading to change."""
    assert texts_of(texts, pa.string()) == [text or None for text in texts]


@settings(max_examples=8)
@given(st.lists(st.sampled_from(NASTY) | st.text(max_size=5), min_size=1, max_size=30))
def test_numbers_and_truths_are_read_as_the_endpoint_reads_them(texts):
    """What is a plain number or a truth is one rule: `parse_number` and `parse_boolean`."""
    count = len(texts)
    table = pa.table(
        {"opportunity_id": ["O"] * count, "lead_id": ["L1"] * count, "amount": texts, "is_won": texts}
    )
    opportunities = read_files({"leads.csv": LEADS, "opportunities.parquet": table}).history.opportunities
    amounts = [None if pd.isna(value) else value for value in opportunities["amount"]]
    assert amounts == [parse_number(text) for text in texts]
    truths = [
        None if missing else bool(value)
        for value, missing in zip(opportunities["is_won"], opportunities["is_won"].isna(), strict=True)
    ]
    assert truths == [parse_boolean(text) for text in texts]


def test_ids_are_trimmed_and_other_texts_are_not():
    """An id with a stray space is the same id; a company with one is what was typed."""
    reading = read_files({"leads.csv": "lead_id,created_at,company\n  L1\t,2026-01-05, Acme \n"})
    assert lead_column(reading, "lead_id") == ["L1"]
    assert lead_column(reading, "company") == [" Acme "]


def test_ids_that_are_numbers_have_one_text():
    """An id is the same whether a file holds it as text, as an integer or as a float."""
    for kind in (pa.string(), pa.int64(), pa.float64()):
        value = "1234567" if kind == pa.string() else 1234567
        table = pa.table({"lead_id": pa.array([value], kind), "created_at": ["2026-01-01"]})
        assert lead_column(read_files({"leads.parquet": table}), "lead_id") == ["1234567"]
