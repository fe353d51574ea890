"""Text files in the encoding they say they have, or an error that names the byte."""

from __future__ import annotations

import codecs
import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final, cast

from pipeline.sources.errors import SourceError

# Where in the first bytes a sign of UTF-16 stands: its mark, or the zero beside a letter.
_MARKS: Final = (
    ((slice(0, 2), codecs.BOM_UTF16_LE), "utf-16"),
    ((slice(0, 2), codecs.BOM_UTF16_BE), "utf-16"),
    ((slice(1, 2), b"\0"), "utf-16-le"),
    ((slice(0, 1), b"\0"), "utf-16-be"),
)
DAMAGED: Final = (OSError, EOFError, zlib.error)
_BLOCK: Final = 1 << 20


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """Open a file for its bytes, unpacked if its name ends in .gz."""
    if path.name.lower().endswith(".gz"):
        with gzip.open(path) as packed:
            yield cast("BinaryIO", packed)
    else:
        with path.open("rb") as plain:
            yield plain


def as_utf8(path: Path, name: str, encoding: str, target: Path) -> None:
    """Write a copy of a text file in UTF-8, streamed.

    Raises:
        SourceError: when a byte of the file is not of the encoding.
    """
    decode = codecs.getincrementaldecoder(encoding)().decode
    with opened(path) as source, target.open("wb") as copy:
        while block := source.read(_BLOCK):
            try:
                copy.write(decode(block).encode())
            except UnicodeError as error:
                raise wrong_encoding(path, name, encoding) from error
        try:
            copy.write(decode(b"", True).encode())
        except UnicodeError as error:
            raise wrong_encoding(path, name, encoding) from error


def wrong_encoding(path: Path, name: str, encoding: str = "utf-8") -> SourceError:
    """Return the error about a file that is not in ``encoding``, with the place of the first wrong byte."""
    with opened(path) as file:
        start = file.read(4)
    marked = next((known for mark, known in _MARKS if start[mark[0]].startswith(mark[1])), None)
    place, likely = _first_fault(path, encoding) if marked is None else ("the first bytes of UTF-16", marked)
    return SourceError(
        f"{name} is written in {encoding}",
        place,
        f"save it as UTF-8, or map its encoding, perhaps so: files: {{{name}: {{encoding: {likely}}}}}",
    )


def _first_fault(path: Path, encoding: str) -> tuple[str, str]:
    decode = codecs.getincrementaldecoder(encoding)().decode
    before = 0
    with opened(path) as file:
        for number, line in enumerate(file, start=1):
            try:
                decode(line)
            except UnicodeDecodeError as error:
                byte = f"the byte 0x{error.object[error.start]:02x}"
                shown = ascii(line[max(0, error.start - 20) : error.end + 10])[1:]
                place = f"{byte} in line {number}, byte {before + error.start + 1} of the file, near {shown}"
                return place, "cp1252" if encoding != "cp1252" else "latin-1"
            before += len(line)
    return "a character cut off at the end of the file", "utf-16"
