"""The form of a mapping: what is wrong with it is said with its place and the next step."""

import pytest

from data_checks.errors import BatonError
from data_checks.faults import FaultyDocument
from pipeline.sources.errors import MappingError
from pipeline.sources.mapping import load_mapping
from source_files import mapping_of

LEADS = "tables: {leads: {file: leads.csv, "


def message_of(text: str) -> str:
    with pytest.raises(BatonError) as raised:
        mapping_of(text)
    return str(raised.value)


@pytest.mark.parametrize(
    ("text", "place", "step"),
    [
        ("timezon: UTC\ntables: {leads: {file: x}}", "timezon (line 1)", "write 'timezone'"),
        ("tables:\n  lead: {file: x}", "tables.lead (line 2)", "write 'leads'"),
        ("tables:\n  leads: {fiel: x}", "tables.leads.fiel (line 2)", "write 'file'"),
        ("tables:\n  leads: [{file: x}, {fiel: x}]", "tables.leads[1].fiel", "write 'file'"),
        (LEADS + "columns: {a: {colunm: b}}}}", "tables.leads.columns.a.colunm", "write 'column'"),
        (LEADS + "where: {column: a, mathces: b}}}", "tables.leads.where.mathces", "write 'matches'"),
        (LEADS + "outcome: {stge: a}}}", "tables.leads.outcome.stge", "write 'stage'"),
        ("files: {a: {sep: x}}\ntables: {leads: {file: x}}", "files.a.sep", "separator"),
    ],
)
def test_an_unknown_key_is_named_with_its_place_and_the_likely_one(text, place, step):
    """A key that means nothing is never ignored: the path leads to it, and the nearest key is offered."""
    message = message_of(text)
    assert place in message
    assert step in message


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "tables is given"),
        ("tables: {activities: {file: x}}", "tables names leads"),
        ("tables: {leads: []}", "tables names leads"),
        ("tables: {leads: {columns: {}}}", "file is given"),
        ("timezone: Europe/Pari\ntables: {leads: {file: x}}", "a time zone has an IANA name"),
        ("files: {x: {encoding: utf-99}}\ntables: {leads: {file: x}}", "an encoding has a name"),
        ("files: {x: {encoding: rot13}}\ntables: {leads: {file: x}}", "an encoding has a name"),
        ("files: {x: {separator: ab}}\ntables: {leads: {file: x}}", "a separator is one sign"),
        (LEADS + "columns: {a: {column: b, value: c}}}}", "not column and value"),
        (LEADS + "columns: {a: {missing: b}}}}", "not none"),
        (LEADS + 'columns: {created_at: {column: b, format: "%d/%m"}}}}', "a year, a month and a day"),
        (LEADS + 'columns: {created_at: {column: b, format: "%d/%m/%Q"}}}}', "%Q is no directive"),
        (LEADS + 'columns: {a: {column: b, format: "%d/%m/%Y"}}}}', "it belongs to times"),
        (LEADS + "columns: {created_at: {column: b, decimal_comma: true}}}}", "it belongs to numbers"),
        (
            LEADS + "columns: {created_at: {row_order: {start: soon, step: 1 day}}}}}",
            "a moment is written like",
        ),
        (
            LEADS + "columns: {created_at: {row_order: {start: 2026-01-01, step: 1 fortnight}}}}}",
            "length of time",
        ),
        (LEADS + "where: {column: a}}}", "a rule for rows tests something"),
        (LEADS + "where: {column: a, matches: (}}}", "no regular expression"),
        (LEADS + "outcome: {stage: a}}}", "either at (a date) or when (a flag)"),
        (
            LEADS + "outcome: {stage: a, at: b, when: {column: c, is: d}}}}",
            "either at (a date) or when (a flag)",
        ),
        (LEADS + "outcome: {stage: a, at: b, after: 1 day}}}", "after belongs to when"),
        (LEADS + "order_by: a}}", "it belongs to one_row_per"),
        (LEADS + "join: {file: a, as: b c, match: {a: b}}}}", "as"),
        (LEADS + "join: {file: a, as: b, match: {}}}}", "at least 1 item"),
        ("tables: {leads: {file: x}, activities: {file: x, drop: a}}", "leads alone has it"),
        (
            "tables: {leads: {file: x}, activities: {file: x, columns: {mood: a}}}",
            "activities has the columns",
        ),
    ],
)
def test_what_a_mapping_cannot_say_is_refused(text, says):
    """A value that makes no sense where it stands is refused before any file is opened."""
    assert says in message_of(text)


def test_all_faults_are_listed_at_once():
    """Who repairs a mapping sees every fault of one kind, in the order of the lines."""
    with pytest.raises(FaultyDocument) as raised:
        mapping_of("timezone: Mars\nfiles: {x: {separator: ab}}\ntables:\n  leads: {fiel: x}\n")
    assert [fault.line for fault in raised.value.faults] == [1, 2, 4]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"tables: {leads: {file: x}", "is YAML"),
        (b"tables: {leads: {file: x}}\ntables: {leads: {file: y}}", "a key stands once"),
        ("tables: {leads: {file: Müller.csv}}".encode("cp1252"), "is written in UTF-8"),
        (b"- a\n- b", "mapping of keys to values"),
    ],
)
def test_a_file_that_is_no_mapping_at_all(content, says, tmp_path):
    """Broken YAML, a key that stands twice, another encoding or a list: each is told apart."""
    path = tmp_path / "mapping.yaml"
    path.write_bytes(content)
    with pytest.raises(BatonError, match=says):
        load_mapping(path)


def test_a_mapping_file_that_is_not_there(tmp_path):
    """A missing mapping file is named, and so is the setting to correct."""
    with pytest.raises(MappingError, match=r"no\.yaml: No such file.*data\.mapping"):
        load_mapping(tmp_path / "no.yaml")


def test_scalars_are_the_texts_that_were_written():
    """A mapping compares with cells, so `yes`, `007`, `1.50` and `NO` are not read as anything else."""
    mapping = mapping_of(LEADS + "where: {column: a, is: [yes, 007, 1.50, NO, null, 2026-01-05, true]}}}")
    assert mapping.tables["leads"][0].where[0].is_ == (
        "yes",
        "007",
        "1.50",
        "NO",
        "null",
        "2026-01-05",
        "true",
    )
