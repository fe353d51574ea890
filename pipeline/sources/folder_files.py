"""Which files a folder holds, and which of them is meant."""

from __future__ import annotations

import fnmatch
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from data_checks.tables import SHAPES
from pipeline.sources.errors import MappingError, SourceError, hint, listed

SUFFIXES: Final = (".csv", ".csv.gz", ".tsv", ".tsv.gz", ".txt", ".txt.gz", ".parquet")


def data_files(folder: Path) -> Mapping[str, Path]:
    """Return the data files of a folder and of its sub-folders, by their path inside it.

    Raises:
        SourceError: when the folder is missing, or a link in it leads out of it.
    """
    if not folder.is_dir():
        raise SourceError(
            "the source is a folder of CSV or Parquet files",
            f"{'a file' if folder.exists() else 'nothing'} at {folder}",
            "correct data.source in params.yaml",
        )
    root = folder.resolve()
    found = {
        path.relative_to(folder).as_posix(): path.resolve()
        for path in sorted(folder.rglob("*"))
        if path.name.lower().endswith(SUFFIXES) and path.is_file()
    }
    for name, path in found.items():
        if not path.is_relative_to(root):
            raise SourceError(
                "files of the source lie in its folder",
                f"{name}, a link to {path}",
                "copy the file into the folder, or point data.source to where it lies",
            )
    return found


def tables_by_name(files: Mapping[str, Path]) -> Mapping[str, str]:
    """Return the files that are named after a table, by table.

    Raises:
        SourceError: when a table has two files, or ``leads`` has none.
    """
    candidates = {
        table: [f"{table}{suffix}" for suffix in SUFFIXES if f"{table}{suffix}" in files] for table in SHAPES
    }
    for table, names in candidates.items():
        if len(names) > 1:
            raise SourceError(
                f"the table {table} is one file",
                listed(names),
                "remove one of them, or name one in a mapping",
            )
    if not candidates["leads"]:
        raise SourceError(
            "the folder has a file leads.csv or leads.parquet",
            f"the files {listed(files)}{hint('leads', [name.partition('.')[0] for name in files])}",
            "rename the file of the leads, or say in a mapping which it is: tables: {leads: {file: ...}}",
        )
    return {table: names[0] for table, names in candidates.items() if names}


def matching(pattern: str, files: Mapping[str, Path], where: str) -> tuple[str, ...]:
    """Return the files that a mapping means by a name, or by a pattern such as ``activities_*.csv``.

    Raises:
        MappingError: when there is none; ``where`` is the place in the mapping.
    """
    if pattern in files:
        return (pattern,)
    found = tuple(name for name in files if fnmatch.fnmatchcase(name, pattern))
    if not found:
        raise MappingError(
            f"{where} names a file of the source's folder",
            f"{pattern!r}{hint(pattern, files)}",
            f"correct it; the files found are {listed(files)}",
        )
    return found
