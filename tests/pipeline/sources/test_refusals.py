"""Rows and cells that cannot be read: never dropped in silence."""

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from source_files import LEADS, lead_column, read_files, read_leads


def test_ragged_rows_are_refused_with_their_lines():
    """Rows with too few or too many cells are set aside with line, text and reason; the others are read."""
    text = 'lead_id,created_at,note\nL1,2026-01-05,"two\nlines"\nL2,2026-01-05\nL3,2026-01-05,a,b\n'
    reading = read_files({"leads.csv": text + "L4,2026-01-05,c\n"})
    assert lead_column(reading, "lead_id") == ["L1", "L4"]
    refused = reading.refused["leads"]
    assert refused["line"].tolist() == [4, 5]
    assert refused["text"].tolist() == ["L2,2026-01-05", "L3,2026-01-05,a,b"]
    assert refused["reasons"].tolist() == [
        "fewer cells than the first row has names",
        "more cells than the first row has names",
    ]
    assert refused["file"].tolist() == ["leads.csv"] * 2


def test_a_quotation_mark_that_is_never_closed_swallows_nothing():
    """What follows an open quotation mark is in the refused row, to the end of the file."""
    reading = read_files({"leads.csv": 'lead_id,created_at\nL1,2026-01-05\n"L2,2026-01-05\nL3,2026-01-06\n'})
    assert lead_column(reading, "lead_id") == ["L1"]
    [text] = reading.refused["leads"]["text"]
    assert "L2" in text
    assert "L3" in text


def test_a_row_without_a_required_cell_is_refused_with_its_cells():
    """A row whose required cell is empty or unreadable is set aside with all its cells and its number."""
    text = "lead_id,created_at,company\nL1,2026-01-05,A\n,2026-01-05,B\nL3,someday,C\nL4,,D\nN/A,,E\n"
    reading = read_files({"leads.csv": text})
    assert lead_column(reading, "lead_id") == ["L1"]
    refused = reading.refused["leads"]
    assert refused["row"].tolist() == [2, 3, 4, 5]
    assert refused["company"].tolist() == ["B", "C", "D", "E"]
    assert refused["reasons"].tolist()[0] == "lead_id is empty"
    assert refused["reasons"].tolist()[1].startswith("created_at: 'someday' is not a time")
    assert refused["reasons"].tolist()[3] == "lead_id is empty; created_at is empty"
    assert any("leads: 4 rows are refused" in note for note in reading.notes)


def test_an_optional_cell_that_is_unreadable_is_missing_and_reported():
    """The row stays, the cell is missing, and what stood there is in `unread`."""
    reading = read_files(
        {
            "leads.csv": "lead_id,created_at,converted_at\nL1,2026-01-05,soon\nL2,2026-01-05,\n"
            "L3,2026-01-05,-",
            "opportunities.csv": "opportunity_id,lead_id,amount,is_won\nO1,L1,about 200,maybe\nO2,L1,7,no\n",
        }
    )
    assert lead_column(reading, "converted_at") == [None, None, None]
    assert reading.history.opportunities["amount"].isna().tolist() == [True, False]
    found = reading.unread[["table", "row", "column"]].to_numpy().tolist()
    assert found == [
        ["leads", 1, "converted_at"],
        ["opportunities", 1, "amount"],
        ["opportunities", 1, "is_won"],
    ]
    assert "'about 200' is not a plain number" in reading.unread["reason"].tolist()
    assert any("1 cells of amount are unreadable" in note for note in reading.notes)


def test_a_file_may_have_columns_called_like_ours():
    """A file's own column `row` or `reasons` does not displace what is said of a refused row."""
    reading = read_leads("lead_id,created_at,row,reasons\nL1,2026-01-05,a,b\nL2,x,c,d\n")
    [refused] = reading.refused["leads"].to_dict("records")
    assert refused["row"] == 2
    assert (refused["row (of the file)"], refused["reasons (of the file)"]) == ("c", "d")


def test_rows_of_parquet_are_refused_alike():
    """Typed columns have refused rows too, their cells written as text."""
    times = pa.array([0, 1], pa.timestamp("us"))
    table = pa.table({"lead_id": ["L1", None], "created_at": times, "size": [1.0, 2.5]})
    refused = read_files({"leads.parquet": table}).refused["leads"]
    assert refused[["size", "created_at"]].to_numpy().tolist() == [["2.5", "1970-01-01T00:00:00.000001Z"]]


cells = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs"], exclude_characters='",\r\n\x00;\t|'), max_size=6
)
rows = st.lists(
    st.lists(cells.map(lambda text: text or "x"), min_size=1, max_size=5), min_size=1, max_size=12
)


@settings(max_examples=15)
@given(rows)
def test_every_row_of_a_file_is_read_or_refused(lines):
    """Whatever the rows are like, those in the history and those refused are together those of the file."""
    text = "lead_id,created_at,note\nL0,2026-01-01,first\n" + "".join(",".join(line) + "\n" for line in lines)
    reading = read_files({"leads.csv": text})
    refused = len(reading.refused["leads"]) if "leads" in reading.refused else 0
    assert len(reading.history.leads) + refused == 1 + len(lines)


@pytest.mark.parametrize("where", ["since: 2026-01-06", "at_least: 3"])
def test_a_rule_for_rows_that_cannot_be_answered_refuses_the_row(where):
    """A row is left out because a rule says no, never because the rule could not be asked."""
    text = "lead_id,created_at,seen\nL1,2026-01-05,2026-01-05\nL2,2026-01-05,?\nL3,2026-01-05,\n"
    if where.startswith("at"):
        text = text.replace("2026-01-05\nL2", "2\nL2")
    rule = f"tables: {{leads: {{file: leads.csv, where: {{column: seen, {where}}}}}}}"
    reading = read_files({"leads.csv": text + "L4,2026-01-05,2026-02-01\n".replace(*_fourth(where))}, rule)
    assert lead_column(reading, "lead_id") == ["L4"]
    assert reading.refused["leads"]["lead_id"].tolist() == ["L2", "L3"]
    assert "leads: 1 of 4 rows of leads.csv are left out by where" in reading.notes


def _fourth(where):
    return ("2026-02-01", "5") if where.startswith("at") else ("", "")


def test_an_activity_without_its_time_is_refused_in_its_table():
    """Each table has its own refused rows."""
    activities = "lead_id,occurred_at,activity_type\nL1,2026-01-05,Call\nL1,05/01/2026,Call\nL1,2026-01-05,\n"
    reading = read_files({"leads.csv": LEADS, "activities.csv": activities})
    assert list(reading.refused) == ["activities"]
    assert reading.refused["activities"]["row"].tolist() == [2, 3]
    assert isinstance(reading.refused["activities"]["row"].dtype, pd.Int64Dtype)
