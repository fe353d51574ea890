"""The first row of a text file: the names of its columns, and what separates them."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pipeline.sources.encodings import DAMAGED, opened, wrong_encoding
from pipeline.sources.errors import SourceError, listed

_SEPARATORS: Final = (",", ";", "\t", "|")
_LONGEST: Final = 4_000_000


@dataclass(frozen=True)
class Header:
    """The names of a file's columns, without outer spaces, and the sign that separates its cells."""

    names: tuple[str, ...]
    separator: str


def read_header(path: Path, name: str, separator: str | None = None) -> Header:
    """Read the first row of a text file in UTF-8; without a given separator it is detected.

    Raises:
        SourceError: when the file is empty or not in UTF-8, or two columns have one name.
    """
    text = _first_block(path, name)
    if not text.strip():
        raise SourceError(
            f"{name} has a first row with the names of its columns", "an empty file", "export it again"
        )
    if "\0" in text[:2]:
        raise wrong_encoding(path, name)
    header = max(
        (_split(text, name, sign) for sign in ([separator] if separator else _SEPARATORS)), key=_width
    )
    check_names(header.names, name)
    return header


def check_names(names: tuple[str, ...], name: str) -> None:
    """Refuse a file in which a name stands for two columns.

    Raises:
        SourceError: with the names.
    """
    twice = [column for column, count in Counter(names).items() if count > 1 and column]
    if twice:
        raise SourceError(
            f"each column of {name} has a name of its own",
            f"{listed(twice)} more than once",
            "rename them in the file",
        )


def _width(header: Header) -> int:
    return len(header.names)


def _first_block(path: Path, name: str) -> str:
    with opened(path) as file:
        try:
            block = file.read(_LONGEST)
        except DAMAGED as error:
            raise SourceError(f"{name} is a whole gzip file", str(error), "export it again") from error
    try:
        return block.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        cut_off = len(block) == _LONGEST and error.start > _LONGEST - 4
        if not cut_off and b"\n" not in block[: error.start]:
            raise wrong_encoding(path, name) from error
        return block[: error.start].decode("utf-8-sig")


def _split(text: str, name: str, separator: str) -> Header:
    try:
        row = next(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=False), [])
    except csv.Error as error:
        raise SourceError(f"{name} has a first row of column names", str(error), "export it again") from error
    return Header(tuple(cell.strip() for cell in row), separator)
