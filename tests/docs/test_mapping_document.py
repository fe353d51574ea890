"""`docs/mapping.md`, the model of a mapping and what reading does speak of the same things."""

import re
from pathlib import Path

import pytest

from pipeline.sources.column_rule import ColumnRule, RowOrder
from pipeline.sources.folder import Reading
from pipeline.sources.mapping import FileFormat, Join, Outcome, SourceMapping, TableRule
from pipeline.sources.row_rule import RowRule
from source_files import read_files

DOCUMENT = (Path(__file__).parents[2] / "docs" / "mapping.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"```(\w+)(?: ([^\n]+))?\n(.*?)```", re.DOTALL)


def examples() -> dict[str, list[tuple[str, str, str]]]:
    """The blocks of each heading that has a mapping: kind, title and content."""
    sections = re.split(r"^#{2,3} ", DOCUMENT, flags=re.MULTILINE)[1:]
    found = {section.splitlines()[0]: BLOCK.findall(section) for section in sections}
    return {
        heading: blocks for heading, blocks in found.items() if any(kind == "yaml" for kind, _, _ in blocks)
    }


def shown(reading: Reading, title: str, header: str) -> str:
    """What reading gave, as CSV: a table's filled columns, or those that the document shows."""
    kind, _, table = title.rpartition(" ")
    if title == "unread":
        frame = reading.unread[header.split(",")]
    elif kind == "refused":
        frame = reading.refused[table][header.split(",")]
    else:
        frame = dict(reading.history)[table].dropna(axis="columns", how="all")
    return frame.to_csv(index=False)


@pytest.mark.parametrize("heading", examples())
def test_an_example_of_the_document_is_true(heading):
    """The files and the mapping under a heading give exactly the tables that are shown there."""
    blocks = examples()[heading]
    [mapping] = [content for kind, _, content in blocks if kind == "yaml"]
    reading = read_files({title: content for kind, title, content in blocks if kind == "csv"}, mapping)
    results = [(title, content) for kind, title, content in blocks if kind == "text"]
    assert results
    for title, content in results:
        assert shown(reading, title, content.splitlines()[0]) == content
    if not any(title.startswith("refused") for title, _ in results):
        assert dict(reading.refused) == {}


def table_of_keys(start: str) -> list[str]:
    """The first column of the first table whose header begins so, after a heading."""
    rows = DOCUMENT.split(start, 1)[1].split("\n\n", 1)[0].splitlines()
    return [row.split("|")[1].strip().strip("`") for row in rows if row.startswith("| `")]


@pytest.mark.parametrize(
    ("start", "model"),
    [
        ("## The whole file\n\n", SourceMapping),
        ("## `files`: how a text file is written\n\n", FileFormat),
        ("## `tables`: one part of a table\n\n", TableRule),
        ("any of the others:\n\n", ColumnRule),
        ("### `row_order`: dates for rows that have none\n\n", RowOrder),
        ("## `where`: which rows\n\n", RowRule),
        ("| key of `join` |", Join),
        ("| key of `outcome` |", Outcome),
    ],
)
def test_every_key_of_a_mapping_is_documented_and_no_other(start, model):
    """The tables of keys have the keys of the models."""
    assert sorted(table_of_keys(start)) == sorted(model.key_names())


def test_every_key_is_used_in_an_example():
    """A key is not only listed: some mapping of the document has it, and so it runs."""
    mappings = "\n".join(content for kind, _, content in BLOCK.findall(DOCUMENT) if kind == "yaml")
    models = (SourceMapping, FileFormat, TableRule, ColumnRule, RowOrder, RowRule, Join, Outcome)
    keys = {key for model in models for key in model.key_names()}
    assert {key for key in keys if not re.search(rf"(?<![\w.]){key}:", mappings)} == set()
