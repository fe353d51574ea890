"""Files that cannot be read: each gets an error that says the rule, the value and the next step."""

import gzip

import pyarrow as pa
import pytest

from pipeline.sources.errors import MappingError, SourceError
from pipeline.sources.folder import read_history
from source_files import LEADS, read_files, read_leads


def message_of(files, mapping=None, error=SourceError):
    with pytest.raises(error) as raised:
        read_files(files, mapping)
    fault = raised.value
    assert fault.rule
    assert fault.next_step
    return str(fault)


def test_a_folder_that_is_not_there(tmp_path):
    """A missing folder is named, and so is the setting to correct."""
    with pytest.raises(SourceError, match=r"nothing at .*/nowhere\. Next: correct data\.source"):
        read_history(tmp_path / "nowhere")


def test_a_file_instead_of_a_folder(tmp_path):
    """A source that is a file is told apart from one that is missing."""
    (tmp_path / "leads.csv").write_text(LEADS)
    with pytest.raises(SourceError, match="a file at"):
        read_history(tmp_path / "leads.csv")


def test_no_leads_file():
    """Without leads there is nothing; a file that may be meant is named."""
    message = message_of({"Lead.csv": LEADS, "activities.csv": "lead_id\n"})
    assert "did you mean 'Lead'?" in message
    assert "'activities.csv'" in message


def test_two_files_for_one_table():
    """Which of two files is the table is not Baton's to guess."""
    message = message_of({"leads.csv": LEADS, "leads.parquet": pa.table({"lead_id": ["L1"]})})
    assert "'leads.csv', 'leads.parquet'" in message


def test_a_missing_required_column():
    """A column that the table cannot do without is named, with the columns that are there."""
    message = message_of({"leads.csv": "lead_id,company\nL1,Acme\n"})
    assert "has the column created_at" in message
    assert "'lead_id', 'company'" in message


def test_a_renamed_required_column():
    """A renamed column is recognised, and the mapping that would read it is shown."""
    message = message_of({"leads.csv": "Lead ID,created_at\nL1,2026-01-05\n"})
    assert "did you mean 'Lead ID'?" in message
    assert "tables: {leads: {columns: {lead_id: ...}}}" in message


@pytest.mark.parametrize("content", [b"", b"  \n\n", b"\xef\xbb\xbf"], ids=["nothing", "blank lines", "mark"])
def test_an_empty_file(content):
    """A file without a first row is empty, whatever white space it has."""
    assert "leads.csv" in message_of({"leads.csv": content})
    assert "an empty file" in message_of({"leads.csv": content})


def test_leads_with_a_header_only():
    """Leads without a row are an error, since nothing follows from them."""
    assert "leads has at least one row" in message_of({"leads.csv": "lead_id,created_at\n"})


def test_leads_of_which_none_can_be_read():
    """If every lead is refused the run stops with the first reason, instead of going on with none."""
    message = message_of({"leads.csv": "lead_id,created_at\nL1,03/04/2026\nL2,05/06/2026\n"})
    assert "2 rows, all refused" in message
    assert "'03/04/2026' is not a time" in message


@pytest.mark.parametrize("line", [1, 2, 4000])
def test_a_wrong_encoding(line):
    """The first byte that is not UTF-8 is named by its place, with the mapping that would read it."""
    lines = [b"lead_id,created_at,company", *(b"L%d,2026-01-05,Acme" % at for at in range(5000))]
    lines[line - 1] = b"L9,2026-01-05,M\xfcller"
    before = len(b"\n".join(lines[: line - 1])) + (line > 1)
    message = message_of({"leads.csv": b"\n".join(lines)})
    assert f"the byte 0xfc in line {line}, byte {before + 16} of the file" in message
    assert "files: {leads.csv: {encoding: cp1252}}" in message


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_recognised(encoding):
    """A file in UTF-16 is called that, with or without its mark."""
    assert f"encoding: {encoding}" in message_of({"leads.csv": LEADS.encode(encoding)})


def test_a_named_encoding_that_is_wrong_too():
    """An encoding that the mapping names is checked as strictly as UTF-8."""
    with pytest.raises(SourceError, match="is written in ascii; found the byte 0xfc in line 2"):
        read_leads(
            "lead_id,created_at\nLü,2026-01-05\n".encode("cp1252"), files="{leads.csv: {encoding: ascii}}"
        )


def test_a_column_name_that_stands_twice():
    """Two columns of one name are two meanings of it."""
    assert "'email' more than once" in message_of(
        {"leads.csv": "lead_id,created_at,email,email\nL1,2026-01-05,a,b\n"}
    )
    twice = pa.Table.from_arrays([pa.array(["L1"])] * 2, names=["lead_id", "lead_id"])
    assert "'lead_id' more than once" in message_of({"leads.parquet": twice})


def test_line_ends_of_two_kinds():
    """Lines that end in two ways make rows that cannot be trusted; the error says how to mend them."""
    assert "dos2unix" in message_of({"leads.csv": "lead_id,created_at\r\nL1,2026-01-05\nL2,2026-01-06\r\n"})


def test_a_damaged_gzip_file():
    """A packed file that was cut off is not read as a shorter one."""
    packed = gzip.compress(b"lead_id,created_at\n" + b"L1,2026-01-05\n" * 50_000)
    assert "leads.csv.gz" in message_of({"leads.csv.gz": packed[: len(packed) // 2]})
    assert "leads.csv.gz" in message_of({"leads.csv.gz": b"lead_id,created_at\n"})
    large = gzip.compress(b"lead_id,created_at\n" + b"L1,2026-01-05\n" * 500_000)
    assert "leads.csv.gz" in message_of({"leads.csv.gz": large[:-20]})
    assert "leads.csv.gz" in message_of({"leads.csv.gz": large[:20_000] + b"?" * 500 + large[20_500:]})


def test_a_parquet_file_that_is_none():
    """A file is not Parquet because its name says so."""
    assert "leads.parquet is a Parquet file" in message_of({"leads.parquet": LEADS.encode()})


def test_a_mapping_that_names_a_missing_file():
    """A file that is not there is named with the place in the mapping and the file that may be meant."""
    message = message_of({"Leads.csv": LEADS}, "tables: {leads: {file: leeds.csv}}", MappingError)
    assert "tables.leads.file" in message
    assert "did you mean 'Leads.csv'?" in message


@pytest.mark.parametrize(
    "part",
    [
        "columns: {industry: Industri}",
        "drop: Industri",
        "one_row_per: Industri",
        "where: {column: Industri, is: x}",
        "columns: {industry: {parts: [Industry, Industri]}}",
        "outcome: {stage: won, at: Industri}",
        "outcome: {stage: won, when: {column: Industri, is: x}}",
        "columns: {created_at: {row_order: {start: 2026-01-01, step: 1 day, by: Industri}}}",
        "join: {file: deals.csv, as: deal, match: {Industri: id}}",
        "join: {file: deals.csv, as: deal, match: {Industry: Industri}}",
    ],
)
def test_a_mapping_that_names_a_missing_column(part):
    """Wherever a mapping names a column, one that is not there is an error with place and likely name."""
    files = {"leads.csv": "lead_id,created_at,Industry\nL1,2026-01-05,x\n", "deals.csv": "id,Industry\nx,y\n"}
    message = message_of(files, f"tables: {{leads: {{file: leads.csv, {part}}}}}", MappingError)
    assert "tables.leads." in message
    assert "Industri'" in message
    assert "did you mean" in message


def test_a_format_for_a_missing_file():
    """A format is given to a file that is there."""
    mapping = "files: {lead.csv: {separator: ';'}}\ntables: {leads: {file: leads.csv}}"
    assert "did you mean 'leads.csv'?" in message_of({"leads.csv": LEADS}, mapping, MappingError)


def test_custom_columns_that_would_share_a_name():
    """Two columns that become one name are not merged, and the place to name them is shown."""
    files = {"leads.csv": "lead_id,created_at,Shoe Size,shoe-size\nL1,2026-01-05,1,2\n"}
    mapping = "tables: {leads: {file: leads.csv, other_columns: snake_case}}"
    assert "'shoe_size' for 'Shoe Size', 'shoe-size'" in message_of(files, mapping, MappingError)


def test_a_link_that_leads_out_of_the_folder(tmp_path):
    """A file of the source lies in the source: a link elsewhere is not followed."""
    (tmp_path / "secret.csv").write_text(LEADS)
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "leads.csv").symlink_to(tmp_path / "secret.csv")
    with pytest.raises(SourceError, match=r"leads\.csv, a link to"):
        read_history(tmp_path / "source")
