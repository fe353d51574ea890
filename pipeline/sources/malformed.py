"""Rows of text files that DuckDB could not take apart."""

# ruff: noqa: S608  the text of a query is made of generated names alone (see steps.py)

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

import pandas as pd

from pipeline.sources.encodings import DAMAGED, opened, wrong_encoding
from pipeline.sources.errors import SourceError
from pipeline.sources.refusals import refusals
from pipeline.sources.source_file import SourceFile

if TYPE_CHECKING:
    import duckdb

_WORDS: Final = {
    "MISSING COLUMNS": "fewer cells than the first row has names",
    "TOO MANY COLUMNS": "more cells than the first row has names",
    "UNQUOTED VALUE": "a quotation mark that is not closed, or closed within the cell",
    "LINE SIZE OVER MAXIMUM": "a line of more than 2,000,000 bytes",
}


def malformed_rows(database: duckdb.DuckDBPyConnection, rejects: str, file: SourceFile) -> pd.DataFrame:
    """Return the rows of ``file`` that went to the table ``rejects``, in the form of `Reading.refused`.

    Raises:
        SourceError: when the file is not in UTF-8.
    """
    if file.separator is None:
        return refusals(file.name, pd.DataFrame())
    found = database.sql(
        "SELECT any_value(CAST(line_byte_position AS BIGINT)) AS byte, any_value(csv_line) AS text, "
        f"list(DISTINCT error_type ORDER BY error_type) AS kinds FROM {rejects} GROUP BY line ORDER BY byte"
    )
    rows = found.to_arrow_table().to_pandas()
    if any("INVALID ENCODING" in kinds for kinds in rows["kinds"]):
        raise wrong_encoding(file.path, file.name)
    reasons = ["; ".join(_WORDS.get(kind, kind) for kind in kinds) for kinds in rows["kinds"]]
    return refusals(file.name, rows.assign(reasons=reasons, line=_lines_at(file, rows["byte"].tolist())))


def _lines_at(file: SourceFile, positions: list[int]) -> list[int]:
    """DuckDB counts rows, which is not where an editor will look once a cell has had a line break."""
    lines: list[int] = []
    with opened(file.path) as source:
        end, number = 0, 0
        for position in positions:
            while end < position and (line := source.readline()):
                end, number = end + len(line), number + 1
            lines.append(number)
    return lines


@contextmanager
def readable(file: SourceFile) -> Iterator[None]:
    """Say of a file that DuckDB gives up what is wrong with it.

    Raises:
        SourceError: in place of DuckDB's own error.
    """
    import duckdb

    try:
        yield
    except duckdb.Error as error:
        if _has_both_line_ends(file):
            raise SourceError(
                f"all lines of {file.name} end alike",
                "lines that end in CR LF beside lines that end in LF",
                "convert the file, for example with dos2unix",
            ) from error
        message = str(error).split("\n", 1)[0]
        raise SourceError(
            f"{file.name} can be read to its end", message, "export it again, or correct the mapping"
        ) from error


def _has_both_line_ends(file: SourceFile) -> bool:
    seen: set[bool] = set()
    with suppress(*DAMAGED), opened(file.path) as lines:
        for line in lines if file.separator is not None else ():
            seen.add(line.endswith(b"\r\n"))
            if len(seen) == 2:
                return True
    return False
