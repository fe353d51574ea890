"""The files of a source, opened within the sandbox."""

from __future__ import annotations

import codecs
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.sources.encodings import as_utf8
from pipeline.sources.folder_files import matching
from pipeline.sources.limits import Limits
from pipeline.sources.mapping import FileFormat
from pipeline.sources.sandbox import sandbox
from pipeline.sources.source_file import SourceFile, open_parquet, open_text

if TYPE_CHECKING:
    import duckdb


@contextmanager
def opened_files(
    paths: Mapping[str, Path], needed: Iterable[str], formats: Mapping[str, FileFormat], limits: Limits
) -> Iterator[tuple[duckdb.DuckDBPyConnection, Mapping[str, SourceFile]]]:
    """Open the needed files by name, and the database that can read them and nothing else.

    A text file in another encoding is read from a temporary copy in UTF-8.

    Raises:
        SourceError: when a file is empty, or not what its name or its format says.
        MappingError: when a format is given for a file that is not there.
    """
    format_of = {
        name: format_ for pattern, format_ in formats.items() for name in matching(pattern, paths, "files")
    }
    with tempfile.TemporaryDirectory(prefix="baton-utf8-", dir=limits.spill_to) as copies:
        chosen = {
            name: _in_utf8(name, paths[name], format_of.get(name, FileFormat()), Path(copies))
            for name in sorted(set(needed))
        }
        with sandbox(chosen.values(), limits) as database:
            yield (
                database,
                {
                    name: open_parquet(database, path, name)
                    if path.suffix.lower() == ".parquet"
                    else open_text(path, name, format_of.get(name, FileFormat()).separator)
                    for name, path in chosen.items()
                },
            )


def _in_utf8(name: str, path: Path, format_: FileFormat, copies: Path) -> Path:
    if codecs.lookup(format_.encoding).name in ("utf-8", "utf-8-sig"):
        return path
    copy = copies / f"{len(list(copies.iterdir()))}.csv"
    as_utf8(path, name, format_.encoding, copy)
    return copy
