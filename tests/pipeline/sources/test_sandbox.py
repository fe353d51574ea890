"""What a mapping or a file can make DuckDB do: read the files of the source, and nothing else."""

import duckdb
import pytest

from pipeline.sources.errors import MappingError, SourceError
from pipeline.sources.limits import Limits
from pipeline.sources.sandbox import sandbox
from pipeline.sources.steps import Steps
from source_files import LEADS, lead_column, read_files, write_files

HOSTILE = [
    "'; DROP TABLE x; --",
    "\"; ATTACH '/tmp/x.db'; --",
    "x) FROM read_text('/etc/passwd') --",
    "$v0",
    "x0",
    "c1",
    "r",
    "kept",
    "%s {0} {x}",
    "a\\' b",
    "/* x */",
]


@pytest.fixture
def database(tmp_path):
    write_files(tmp_path, {"mine.csv": "a\n1\n", "other.csv": "a\n2\n"})
    with sandbox([tmp_path / "mine.csv"], Limits(memory="200MB", threads=1)) as opened:
        yield opened


def test_the_named_files_can_be_read(database, tmp_path):
    """The sandbox is no prison for the files it was given."""
    found = database.sql(
        "SELECT * FROM read_csv($path)", params={"path": str(tmp_path / "mine.csv")}
    ).fetchall()
    assert found == [(1,)]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM read_csv('{folder}/other.csv')",
        "SELECT * FROM '{folder}/other.csv'",
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM glob('/etc/*')",
        "SELECT * FROM read_csv('https://example.com/a.csv')",
        "COPY (SELECT 1) TO '{folder}/out.csv'",
        "ATTACH '{folder}/out.db'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "CREATE PERSISTENT SECRET s (TYPE http)",
        "SET enable_external_access = true",
        "SET allowed_paths = ['/etc/passwd']",
        "SET memory_limit = '100GB'",
        "SELECT * FROM a_frame",
    ],
)
def test_everything_else_is_out_of_reach(database, tmp_path, query):
    """No other file, network, extension, secret, setting or variable of Python: even if SQL were injected."""
    a_frame = __import__("pandas").DataFrame({"a": [1]})
    with pytest.raises(duckdb.Error):
        database.sql(query.format(folder=tmp_path)).fetchall()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine.csv", "other.csv"]
    assert len(a_frame) == 1


@pytest.mark.parametrize("word", HOSTILE)
def test_no_word_of_a_mapping_or_a_file_becomes_sql(word):
    """Names of columns, values, patterns and formats are values to DuckDB, whatever they look like."""
    quoted = '"' + word.replace('"', '""') + '"'
    yaml = "'" + word.replace("'", "''") + "'"
    mapping = f"""
missing: [{yaml}]
tables:
  leads:
    file: leads.csv
    where: {{column: {yaml}, not: [{yaml}, z]}}
    one_row_per: {yaml}
    columns:
      lead_id: {{parts: [id, {yaml}], between: {yaml}}}
      lead_source: {{value: {yaml}}}
      country: {{column: {yaml}, translate: {{{yaml}: {yaml}, a: {yaml}}}}}
      {yaml}: id
    outcome: {{stage: {yaml}, when: {{column: {yaml}, is: [a, {yaml}]}}}}
"""
    reading = read_files(
        {"leads.csv": f"id,created_at,{quoted}\nL1,2026-01-05,a\nL2,2026-01-05,z\n"}, mapping
    )
    assert lead_column(reading, "lead_id") == [f"L1{word}a".strip()]
    assert lead_column(reading, "country") == [word]
    assert lead_column(reading, word) == ["L1"]
    assert reading.history.stage_changes["stage"].tolist() == [word]


def test_queries_have_no_values_in_their_text():
    """What is bound is named in the query and never written into it."""
    steps = Steps()
    query = steps.over(f"SELECT {steps.let(f'upper({steps.bind(HOSTILE[0])})')}")
    assert HOSTILE[0] not in query
    assert list(steps.values_of(query).values()) == [HOSTILE[0]]


@pytest.mark.parametrize("name", ["../secret.csv", "/etc/passwd", "sub/../../secret.csv"])
def test_a_mapping_cannot_name_a_file_outside_the_source(name):
    """A path that leaves the folder names no file of it."""
    with pytest.raises(MappingError, match="names a file of the source's folder"):
        read_files({"leads.csv": LEADS}, f"tables: {{leads: {{file: {name}}}}}")


def test_limits_come_from_the_environment():
    """An operator bounds reading without touching a file of the project."""
    environment = {"BATON_READ_MEMORY": "1GB", "BATON_READ_THREADS": "1", "BATON_READ_SPILL_TO": "/tmp"}
    limits = Limits.from_environment(environment)
    with sandbox([], limits) as database:
        settings = "SELECT current_setting('memory_limit'), current_setting('threads')"
        assert database.sql(settings).fetchall() == [("953.6 MiB", 1)]
    assert Limits.from_environment({}) == Limits()


@pytest.mark.parametrize("memory", ["a lot", "2GB'; SELECT 1", "-1GB"])
def test_a_limit_that_is_no_size_is_refused(memory):
    """The memory for reading is written like 2GB."""
    with pytest.raises(SourceError, match="is a size"), sandbox([], Limits(memory=memory)):
        pass
