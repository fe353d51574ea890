"""Files that are unusual and right."""

import pytest

from source_files import LEADS, lead_column, read_files, read_leads


def test_a_byte_order_mark_is_no_part_of_the_first_name():
    """A file that begins with a byte-order mark is read as if it had none."""
    reading = read_files({"leads.csv": b"\xef\xbb\xbf" + LEADS.encode()})
    assert lead_column(reading, "lead_id") == ["L1", "L2"]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_seen_from_the_first_row(separator):
    """Commas, semicolons, tabs and bars are told apart without being told."""
    text = f"lead_id{separator}created_at{separator}note\nL1{separator}2026-01-05{separator}a"
    assert lead_column(read_files({"leads.csv": text}), "note") == ["a"]


def test_another_separator_can_be_named():
    """The mapping may name a separator that nobody would guess."""
    reading = read_leads("lead_id^created_at\nL1^2026-01-05\n", files="{leads.csv: {separator: '^'}}")
    assert lead_column(reading, "lead_id") == ["L1"]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_lines_end_as_they_like(line_end):
    """The line ends of Unix, Windows and old Macs are all read."""
    assert lead_column(read_files({"leads.csv": LEADS.replace("\n", line_end)}), "lead_id") == ["L1", "L2"]


@pytest.mark.parametrize(
    "note",
    [
        "two\nlines",
        "two\r\nlines",
        'a "quote"',
        "semi;colon, comma",
        "x" * 10_000,
        "😀🏳️‍🌈",
        "שלום עולם",
        "<script>",
        "=1+1",
    ],
    ids=["LF", "CRLF", "quote", "separators", "long", "emoji", "right-to-left", "html", "formula"],
)
def test_any_text_is_kept_as_written(note):
    """Line breaks, quotes, long texts, emoji, right-to-left script, HTML and formulas pass unchanged."""
    quoted = note.replace('"', '""')
    reading = read_files(
        {"leads.csv": f'lead_id,created_at,note\nL1,2026-01-05,"{quoted}"\nL2,2026-01-06,b\n'}
    )
    assert lead_column(reading, "note") == [note, "b"]
    assert reading.refused == {}


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "utf-16", "utf-16-le", "cp1251", "shift_jis"])
def test_an_encoding_that_the_mapping_names_is_read(encoding):
    """A file in any encoding of Python's is read once the mapping says which."""
    name = {"cp1251": "Привет", "shift_jis": "日本"}.get(encoding, "Müller")
    text = f"lead_id,created_at,company\nL1,2026-01-05,{name}\n".encode(encoding)
    reading = read_leads(text, files=f"{{leads.csv: {{encoding: {encoding}}}}}")
    assert lead_column(reading, "company") == [name]


def test_columns_that_differ_by_case_alone_are_two_columns():
    """Email and email are two names, though SQL would take them for one."""
    reading = read_files({"leads.csv": "lead_id,created_at,email,Email\nL1,2026-01-05,a@b.co,x\n"})
    assert lead_column(reading, "email") == ["a@b.co"]
    assert lead_column(reading, "Email") == ["x"]


def test_a_column_without_a_name_is_left_aside_with_a_note():
    """The unnamed first column of a pandas export is nobody's data, and the notes say that it was there."""
    reading = read_files({"leads.csv": ",lead_id,created_at\n0,L1,2026-01-05\n"})
    assert lead_column(reading, "lead_id") == ["L1"]
    assert any("1 columns without a name" in note for note in reading.notes)


def test_other_tables_may_have_no_rows():
    """A header alone is a table without rows."""
    reading = read_files({"leads.csv": LEADS, "campaigns.csv": "campaign_id,name"})
    assert len(reading.history.campaigns) == 0
    assert "campaigns" not in reading.history.absent


def test_the_order_of_the_file_is_kept():
    """Rows come out in the order in which they stand."""
    ids = [f"L{number:06}" for number in range(150_000)]
    text = "lead_id,created_at\n" + "".join(f"{lead_id},2026-01-05\n" for lead_id in ids)
    assert read_files({"leads.csv": text}).history.leads["lead_id"].tolist() == ids
