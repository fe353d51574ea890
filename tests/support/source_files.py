"""Folders of a CRM's files, written and read back."""

import gzip
import tempfile
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

from pipeline.sources.folder import Reading, read_history
from pipeline.sources.mapping import SourceMapping, load_mapping

LEADS = "lead_id,created_at\nL1,2026-01-05\nL2,2026-01-06\n"


def write_files(folder: Path, files: dict[str, str | bytes | pa.Table]) -> Path:
    """Write texts (in UTF-8), bytes or tables under their names; a text named .gz is packed."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, pa.Table):
            parquet.write_table(content, path)
            continue
        raw = content.encode() if isinstance(content, str) else content
        path.write_bytes(gzip.compress(raw) if isinstance(content, str) and name.endswith(".gz") else raw)
    return folder


def mapping_of(text: str) -> SourceMapping:
    """Read a mapping from its text, as from its file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mapping.yaml"
        path.write_text(text, encoding="utf-8")
        return load_mapping(path)


def read_files(files: dict[str, str | bytes | pa.Table], mapping: str | None = None) -> Reading:
    """Read a folder that has these files, with a mapping if there is one."""
    with tempfile.TemporaryDirectory() as folder:
        write_files(Path(folder), files)
        return read_history(folder, mapping_of(mapping) if mapping else None)


def read_leads(text: str | bytes, columns: str = "", **keys: str) -> Reading:
    """Read leads.csv with a mapping of some of its columns and further keys of the mapping."""
    top = "".join(f"{key}: {value}\n" for key, value in keys.items())
    mapped = f"{top}tables: {{leads: {{file: leads.csv, columns: {{{columns}}}}}}}"
    return read_files({"leads.csv": text}, mapped)


def lead_column(reading: Reading, name: str) -> list[object]:
    """The column of the leads as plain values, missing ones as None."""
    column = reading.history.leads[name]
    return [None if missing else value for value, missing in zip(column, column.isna(), strict=True)]
