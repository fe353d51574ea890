"""What a mapping makes of files."""

import pandas as pd
import pyarrow as pa
import pytest

from pipeline.sources.errors import MappingError, SourceError
from source_files import lead_column, read_files, read_leads


def times(*texts: str) -> list[pd.Timestamp]:
    return [pd.Timestamp(text, tz="UTC") for text in texts]


def rows_of(frame: pd.DataFrame, *columns: str) -> list[list[object]]:
    return [
        [None if pd.isna(cell) else cell for cell in row] for row in frame[list(columns)].to_numpy().tolist()
    ]


def test_missing_words_are_missing_in_every_column():
    """A word that the CRM writes for none is missing, whatever its case and outer spaces."""
    reading = read_leads(
        "lead_id,created_at,city,age\nL1,2026-01-05, SELECT ,999\nL2,2026-01-05,Selector,unknown\n",
        "age: {column: age, missing: 999}",
        missing="[Select, Unknown]",
    )
    assert lead_column(reading, "city") == [None, "Selector"]
    assert lead_column(reading, "age") == [None, None]


def test_values_are_translated():
    """A translation applies to a value whatever its case and outer spaces; others stay as they are."""
    reading = read_leads(
        "lead_id,created_at,country\nL1,2026-01-05, usa\nL2,2026-01-05,France\nL3,2026-01-05,?\n",
        "country: {column: country, translate: {USA: United States, '?': ''}}",
    )
    assert lead_column(reading, "country") == ["United States", "France", None]


def test_parts_are_put_together():
    """Several columns make one text; empty parts leave no gap."""
    reading = read_leads(
        "lead_id,created_at,first,last\nL1,2026-01-05,Ada,Lovelace\nL2,2026-01-05,,Turing\nL3,2026-01-05,,\n",
        "name: {parts: [first, last], between: '-'}",
    )
    assert lead_column(reading, "name") == ["Ada-Lovelace", "Turing", None]


def test_numbers_with_a_comma_are_rewritten():
    """1.234,50 becomes 1234.50; what is no such number stays as it was written."""
    reading = read_leads(
        "lead_id;created_at;annual_revenue\nL1;2026-01-05;1.234,50\nL2;2026-01-05;12,5\n"
        "L3;2026-01-05;etwa 5\nL4;2026-01-05;1.2\nL5;2026-01-05;-7 000 000\n",
        "annual_revenue: {column: annual_revenue, decimal_comma: true}",
    )
    assert lead_column(reading, "annual_revenue") == ["1234.50", "12.5", "etwa 5", "1.2", "-7000000"]


def test_a_fixed_value_stands_in_every_row():
    """What the file does not say because it is the same for all can be said in the mapping."""
    reading = read_leads("lead_id,created_at\nL1,2026-01-05\nL2,2026-01-05\n", "lead_source: {value: Web}")
    assert lead_column(reading, "lead_source") == ["Web", "Web"]


def test_rows_can_be_numbered():
    """A file without ids gets them from the order of its rows."""
    reading = read_leads("created_at\n2026-01-05\n2026-01-06\n", "lead_id: {row_number: row-}")
    assert lead_column(reading, "lead_id") == ["row-1", "row-2"]


@pytest.mark.parametrize(
    ("order", "days"),
    [
        ("start: 2026-01-01, step: 1 day", [1, 2, 3, 4]),
        ("start: 2026-01-01, step: 1 day, descending: true", [4, 3, 2, 1]),
        ("start: 2026-01-01, step: 1 day, by: number", [3, 1, 4, 2]),
        ("start: 2026-01-01, step: 1 day, by: number, descending: true", [2, 4, 1, 3]),
    ],
)
def test_an_order_of_rows_stands_in_for_dates(order, days):
    """Rows are dated by their place in the file or by a column, as numbers where they are numbers."""
    reading = read_leads(
        "lead_id,number\nL1,10\nL2,9\nL3,A\nL4,9.5\n", f"created_at: {{row_order: {{{order}}}}}"
    )
    assert lead_column(reading, "created_at") == times(*(f"2026-01-0{day}" for day in days))


def test_dates_from_an_order_do_not_depend_on_what_is_left_out():
    """A rule for rows takes rows away and leaves the dates of the others."""
    part = (
        "columns: {created_at: {row_order: {start: 2026-01-01, step: 12 hours}}}, where: {column: x, is: b}"
    )
    reading = read_files(
        {"leads.csv": "lead_id,x\nL1,a\nL2,b\nL3,b\n"}, f"tables: {{leads: {{file: leads.csv, {part}}}}}"
    )
    assert lead_column(reading, "created_at") == times("2026-01-01T12:00", "2026-01-02")


def test_a_row_without_its_place_in_the_order_is_refused():
    """A row whose ordering column is empty has no date, and is not given one."""
    reading = read_leads(
        "lead_id,number\nL1,1\nL2,\nL3,2\n",
        "created_at: {row_order: {start: 2026-01-01, step: 1 day, by: number}}",
    )
    assert lead_column(reading, "lead_id") == ["L1", "L3"]
    assert reading.refused["leads"]["reasons"].tolist() == [
        "created_at: number is empty, so that the row has no place in time"
    ]


@pytest.mark.parametrize(
    ("rule", "kept"),
    [
        ("is: [a, B]", "L1 L2"),
        ("not: a", "L2 L3 L4"),
        ("matches: ^.$", "L1 L2"),
        ("not_matches: c", "L1 L2 L4"),
        ("not: [a, ab c]", "L2 L4"),
        ("matches: '[ab]', not_matches: ' '", "L2"),
    ],
)
def test_rows_are_chosen_by_texts(rule, kept):
    """Lists of values and regular expressions choose rows; an empty cell matches nothing."""
    files = {
        "leads.csv": "lead_id,created_at,x\nL1,2026-01-05, A\nL2,2026-01-05,b\n"
        "L3,2026-01-05,ab c\nL4,2026-01-05,\n"
    }
    text = f"tables: {{leads: {{file: leads.csv, where: {{column: x, {rule}}}}}}}"
    if "^.$" in rule:
        files["leads.csv"] = files["leads.csv"].replace(" A", "A")
    assert lead_column(read_files(files, text), "lead_id") == kept.split()


@pytest.mark.parametrize(
    ("rule", "kept"),
    [
        ("column: seen, since: 2026-01-05", "L2 L3"),
        ("column: seen, before: 2026-01-05T00:00:00Z", "L1"),
        ("column: seen, since: 2026-01-04T20:00, before: 2026-01-06", "L1 L2"),
        ("column: seen, since: 2026-01-05, timezone: Asia/Tokyo", "L1 L2 L3"),
        ("column: size, at_least: 2", "L2 L3"),
        ("column: size, at_least: 2, at_most: 9.5", "L2"),
    ],
)
def test_rows_are_chosen_by_bounds(rule, kept):
    """Moments and numbers are compared as such; bounds are included, except for `before`."""
    files = {
        "leads.csv": "lead_id,created_at,seen,size\nL1,2026-01-05,2026-01-04T21:00Z,1e0\n"
        "L2,2026-01-05,2026-01-05T00:00Z,2\nL3,2026-01-05,2026-01-06T00:00Z,10\n"
    }
    text = f"tables: {{leads: {{file: leads.csv, where: {{{rule}}}}}}}"
    assert lead_column(read_files(files, text), "lead_id") == kept.split()


DEALS = {
    "leads.csv": "id,created_at\nL1,2026-01-05\nL2,2026-01-05\nL3,2026-01-05\n",
    "deals.csv": "lead,won_date,size\n L2 ,2026-02-01,5\nL9,2026-02-02,6\nL1,n/a,7\n",
}
JOINED = "tables: {leads: {file: leads.csv, columns: {lead_id: id, deal_size: deal.size}, join: {file: deals.csv, as: deal, match: {id: lead}}, outcome: {stage: won, at: deal.won_date}}}"  # noqa: E501  one mapping


def test_a_second_file_is_laid_beside_the_first():
    """Each lead finds its row of the other file by the key, and every lead stays."""
    reading = read_files(DEALS, JOINED)
    assert lead_column(reading, "lead_id") == ["L1", "L2", "L3"]
    assert lead_column(reading, "deal_size") == ["7", "5", None]
    assert "leads: 1 rows of deals.csv match no row of leads.csv" in reading.notes


def test_columns_of_a_joined_file_are_not_taken_along():
    """What is not asked for stays out: such columns often exist for winners alone."""
    assert "won_date" not in read_files(DEALS, JOINED).history.leads
    assert "deal.won_date" not in read_files(DEALS, JOINED).history.leads


def test_a_joined_file_with_a_key_twice_is_refused():
    """Two rows for one key would make two leads of one."""
    files = DEALS | {"deals.csv": "lead,won_date,size\nL2,2026-02-01,5\nL2,2026-03-01,6\n"}
    with pytest.raises(SourceError, match="one row for each key; found 2 rows for 'L2'"):
        read_files(files, JOINED)


def test_an_outcome_from_a_date_is_a_stage_change_at_that_date():
    """Leads whose date is filled in reached the stage then; the others did not."""
    changes = read_files(DEALS, JOINED).history.stage_changes
    assert rows_of(changes, "lead_id", "changed_at", "stage") == [["L2", *times("2026-02-01"), "won"]]


def test_an_unreadable_date_of_an_outcome_is_refused_and_the_lead_stays():
    """A winner whose date cannot be read is reported, not counted as a loser in silence."""
    reading = read_files(DEALS | {"deals.csv": "lead,won_date,size\nL2,01/02/2026,5\n"}, JOINED)
    assert lead_column(reading, "lead_id") == ["L1", "L2", "L3"]
    assert reading.refused["stage_changes"]["deal.won_date"].tolist() == ["01/02/2026"]


def test_an_outcome_from_a_flag_is_a_stage_change_after_the_lead():
    """A flag has no date: the stage counts as reached so long after the lead; the flag is no column."""
    part = "outcome: {stage: Converted, when: {column: won, is: yes}, after: 36 hours}"
    reading = read_files(
        {"leads.csv": "lead_id,created_at,won\nL1,2026-01-05,YES\nL2,2026-01-05,no\nL3,,yes\n"},
        f"tables: {{leads: {{file: leads.csv, {part}}}}}",
    )
    assert rows_of(reading.history.stage_changes, "lead_id", "changed_at", "stage") == [
        ["L1", *times("2026-01-06T12:00"), "Converted"]
    ]
    assert "won" not in reading.history.leads
    assert "stage_changes" not in reading.history.absent


def test_several_outcomes_join_the_stage_changes_of_a_file():
    """Stage changes from a file and those told by leads are one table."""
    part = "outcome: [{stage: lost, at: lost_on}, {stage: won, when: {column: won, is: 1}}]"
    files = {
        "leads.csv": "lead_id,created_at,lost_on,won\nL1,2026-01-05,2026-01-09,0\nL2,2026-01-05,,1\n",
        "stage_changes.csv": "lead_id,changed_at,stage,reason\nL1,2026-01-06,mql,form\n",
    }
    mapping = f"tables: {{leads: {{file: leads.csv, {part}}}, stage_changes: {{file: stage_changes.csv}}}}"
    changes = read_files(files, mapping).history.stage_changes
    assert sorted(rows_of(changes, "lead_id", "stage", "reason"), key=str) == [
        ["L1", "lost", None],
        ["L1", "mql", "form"],
        ["L2", "won", None],
    ]


EVENTS = (
    "case,amount,at,event,cycle\nC1,5,2026-01-05T10:00,A_NEW,done\nC1,5,2026-01-05T11:00,W_Call,start\n"
    "C2,7,2026-01-06T09:00,A_NEW,done\nC1,6,2026-01-05T12:00,A_WON,done\n,9,2026-01-07,A_NEW,done\n"
)
LOG = """
tables:
  leads:
    file: events.csv
    one_row_per: case
    columns: {lead_id: case, created_at: at, amount: amount}
    other_columns: drop
  stage_changes:
    file: events.csv
    where: {column: event, matches: ^A_}
    columns: {lead_id: case, changed_at: at, stage: event}
  activities:
    file: events.csv
    where: {column: event, not_matches: ^A_}
    columns: {lead_id: case, occurred_at: at, activity_type: {parts: [event, cycle]}}
"""


def test_an_event_log_becomes_leads_activities_and_stage_changes():
    """One file of events gives one lead a case, and each event to the table it belongs to."""
    reading = read_files({"events.csv": EVENTS}, LOG)
    history = reading.history
    assert rows_of(history.leads, "lead_id", "amount") == [["C1", "5"], ["C2", "7"]]
    assert lead_column(reading, "created_at") == times("2026-01-05T10:00", "2026-01-06T09:00")
    assert rows_of(history.stage_changes, "lead_id", "stage") == [
        ["C1", "A_NEW"],
        ["C2", "A_NEW"],
        ["C1", "A_WON"],
    ]
    assert rows_of(history.activities, "lead_id", "activity_type") == [["C1", "W_Call start"]]
    assert reading.refused["leads"]["amount"].tolist() == ["9"]


@pytest.mark.parametrize(
    ("choice", "amount"),
    [("keep: last", "6"), ("order_by: at, keep: first", "5"), ("order_by: at, keep: last", "6")],
)
def test_the_row_of_a_case_is_its_first_or_last(choice, amount):
    """Which row speaks for a case is the mapping's to say, by the file's order or by time."""
    log = LOG.replace("one_row_per: case", f"one_row_per: case\n    {choice.replace(', ', chr(10) + '    ')}")
    leads = read_files({"events.csv": EVENTS}, log).history.leads
    assert sorted(rows_of(leads.dropna(subset="lead_id"), "lead_id", "amount")) == [
        ["C1", amount],
        ["C2", "7"],
    ]


def test_a_table_may_come_from_several_files():
    """A pattern, or a list of parts, lays files below each other, each with its own columns."""
    files = {
        "leads.csv": "lead_id,created_at\nL1,2026-01-05\n",
        "calls_2025.csv": "lead_id,when\nL1,2025-01-05\n",
        "calls_2026.csv": "when,lead_id\n2026-01-05,L1\n",
        "mails.parquet": pa.table({"lead_id": ["L1"], "sent": ["2026-01-06"], "subject": ["Hi"]}),
    }
    mapping = """
tables:
  leads: {file: leads.csv}
  activities:
    - {file: calls_*.csv, columns: {occurred_at: when, activity_type: {value: Call}}}
    - {file: mails.parquet, columns: {occurred_at: sent, activity_type: {value: Mail}, asset: subject}}
"""
    activities = read_files(files, mapping).history.activities
    assert rows_of(activities, "activity_type", "occurred_at", "asset") == [
        ["Call", *times("2025-01-05"), None],
        ["Call", *times("2026-01-05"), None],
        ["Mail", *times("2026-01-06"), "Hi"],
    ]


def test_an_order_of_rows_needs_one_file():
    """Rows of several files have no order among each other."""
    files = {"a1.csv": "lead_id\nL1\n", "a2.csv": "lead_id\nL2\n"}
    part = "columns: {created_at: {row_order: {start: 2026-01-01, step: 1 day}}}"
    with pytest.raises(MappingError, match="row_order counts the rows of one file"):
        read_files(files, f"tables: {{leads: {{file: a*.csv, {part}}}}}")


def test_files_lie_in_sub_folders_too():
    """A file is named by its path inside the source."""
    reading = read_files(
        {"crm/2026/Lead.csv": "lead_id,created_at\nL1,2026-01-05\n"},
        "tables: {leads: {file: crm/2026/Lead.csv}}",
    )
    assert lead_column(reading, "lead_id") == ["L1"]


@pytest.mark.parametrize(
    ("choice", "columns"),
    [
        ("other_columns: keep", ["Shoe Size", "Eye"]),
        ("other_columns: snake_case", ["shoe_size", "eye"]),
        ("other_columns: drop", []),
        ("drop: Eye", ["Shoe Size"]),
    ],
)
def test_further_columns_of_leads_are_kept_renamed_or_dropped(choice, columns):
    """What becomes of the CRM's own columns is the mapping's to say."""
    files = {"leads.csv": "lead_id,created_at,Shoe Size,Eye\nL1,2026-01-05,44,blue\n"}
    leads = read_files(files, f"tables: {{leads: {{file: leads.csv, {choice}}}}}").history.leads
    assert list(leads.columns)[18:] == columns


def test_what_is_used_for_something_else_is_no_column_of_its_own():
    """Keys, orders and flags are used up, so that none of them slips into the features under its old name."""
    part = (
        "columns: {lead_id: id, city: town, "
        "created_at: {row_order: {start: 2026-01-01, step: 1 day, by: nr}}}, "
        "outcome: {stage: won, when: {column: won, is: 1}}"
    )
    files = {"leads.csv": "id,nr,town,won,x\nL1,1,Rome,1,y\n"}
    leads = read_files(files, f"tables: {{leads: {{file: leads.csv, {part}}}}}").history.leads
    assert list(leads.columns)[18:] == ["city", "x"]
