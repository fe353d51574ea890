"""A folder whose files are named after the tables."""

import pandas as pd
import pyarrow as pa
import pytest

from data_checks.tables import SHAPES, empty_table
from pipeline.sample_crm.writing import write_sample_crm
from pipeline.sources.folder import read_history
from source_files import LEADS, lead_column, read_files

EVERY_TABLE = {
    "leads.csv": "lead_id,created_at,industry,shoe size\nL1,2026-01-05T10:00:00Z, Retail ,44\n",
    "activities.csv.gz": "lead_id,occurred_at,activity_type,mood\nL1,2026-01-06,Call,good\n",
    "stage_changes.tsv": "lead_id\tchanged_at\tstage\nL1\t2026-01-07\tQualified\n",
    "field_changes.csv": "lead_id;field;changed_at;old_value;new_value\nL1;industry;2026-01-07;;Retail\n",
    "campaigns.parquet": pa.table({"campaign_id": ["C1"], "cost": [12.5], "started_at": [None]}),
    "opportunities.csv": "opportunity_id,lead_id,amount,is_won\nO1,L1,1e3,Yes\n",
}


def test_each_table_is_read_whole_and_typed():
    """Every file becomes the table it is named after, with all columns of its shape and their types."""
    reading = read_files(EVERY_TABLE)
    assert reading.history.absent == frozenset()
    for name, frame in reading.history:
        assert len(frame) == 1
        own = frame[list(SHAPES[name].columns)]
        assert own.dtypes.to_dict() == empty_table(name).dtypes.to_dict()


def test_values_arrive_as_their_types():
    """Numbers, truths, times and texts are what they were in the files."""
    history = read_files(EVERY_TABLE).history
    assert history.opportunities[["amount", "is_won"]].iloc[0].tolist() == [1000.0, True]
    assert history.campaigns["cost"].tolist() == [12.5]
    assert history.leads["created_at"].tolist() == [pd.Timestamp("2026-01-05 10:00", tz="UTC")]
    assert history.field_changes[["old_value", "new_value"]].isna().iloc[0].tolist() == [True, False]


def test_custom_columns_of_leads_are_kept_as_text():
    """A column that only this CRM has is a text column of leads, under its own name and as written."""
    reading = read_files(EVERY_TABLE)
    assert lead_column(reading, "shoe size") == ["44"]
    assert lead_column(reading, "industry") == [" Retail "]
    assert reading.history.leads["shoe size"].dtype == "str"


def test_further_columns_of_other_tables_are_dropped_with_a_note():
    """What no table has a place for is not read, and the notes say so."""
    reading = read_files(EVERY_TABLE)
    assert "mood" not in reading.history.activities
    assert any("activities" in note and "'mood'" in note for note in reading.notes)


def test_an_absent_table_is_empty_and_the_notes_say_what_that_switches_off():
    """A table without a file is absent, which is not the same as one without rows."""
    reading = read_files({"leads.csv": LEADS, "activities.csv": "lead_id,occurred_at,activity_type\n"})
    assert reading.history.absent == {"stage_changes", "field_changes", "campaigns", "opportunities"}
    assert len(reading.history.activities) == len(reading.history.campaigns) == 0
    for table in reading.history.absent:
        assert any(note.startswith(f"{table} is absent") for note in reading.notes)


def test_a_source_without_any_outcome_says_so():
    """Without stage changes and without converted_at nothing can be learned, and the notes say it."""
    assert any("no outcome is known" in note for note in read_files({"leads.csv": LEADS}).notes)
    told = "lead_id,created_at,converted_at\nL1,2026-01-05,2026-02-01\n"
    assert not any("no outcome is known" in note for note in read_files({"leads.csv": told}).notes)


def test_a_misspelled_file_is_named_with_the_table_it_may_be_meant_for():
    """A file that no table is made from is never passed over in silence."""
    reading = read_files({"leads.csv": LEADS, "activites.csv": "lead_id\n"})
    assert "activites.csv is not read (did you mean 'activities'?)" in reading.notes


def test_the_answer_sheet_of_the_sample_is_passed_over_in_silence(tmp_path):
    """Of a sample CRM only what does not belong to it is named as unread."""
    write_sample_crm(tmp_path, leads=200, seed=3)
    (tmp_path / "odd.csv").write_text("a\n1\n")
    notes = read_history(tmp_path).notes
    assert [note for note in notes if "is not read" in note] == ["odd.csv is not read"]


def test_a_folder_that_happens_to_be_called_truth_is_named():
    """Without the settings of a sample CRM, a file in a folder `truth` is a file like any other."""
    reading = read_files({"leads.csv": LEADS, "truth/more.csv": "lead_id\n"})
    assert any(note.startswith("truth/more.csv is not read") for note in reading.notes)


@pytest.mark.parametrize("suffix", ["csv", "csv.gz", "tsv", "parquet"])
def test_a_file_reads_the_same_in_every_form(suffix):
    """CSV, packed CSV, tabs or Parquet: the same rows are the same frame."""
    rows = {
        "lead_id": ["L1", "L2"],
        "created_at": ["2026-01-05", "2026-01-06T10:00+02:00"],
        "x": ["a,b\n", None],
    }
    quoted = 'lead_id,created_at,x\nL1,2026-01-05,"a,b\n"\nL2,2026-01-06T10:00+02:00,\n'
    tabbed = 'lead_id\tcreated_at\tx\nL1\t2026-01-05\t"a,b\n"\nL2\t2026-01-06T10:00+02:00\t\n'
    content = {"parquet": pa.table(rows), "tsv": tabbed}.get(suffix, quoted)
    pd.testing.assert_frame_equal(
        read_files({f"leads.{suffix}": content}).history.leads,
        read_files({"leads.csv": quoted}).history.leads,
    )
