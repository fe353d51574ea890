"""Files that are either whole or not there."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

UNFINISHED: Final = ".unfinished"


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Give a name to write to; what was written takes its place at ``path`` when it is complete.

    Two that write the same file at once, such as a task and its speculative copy, do not meet: each has
    a name of its own, and the last to finish stays.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{uuid.uuid4().hex}{UNFINISHED}")
    try:
        yield unfinished
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def part_file(folder: Path, part: int, kind: str = "parquet") -> Path:
    """Return where the file of a part lies; in order of the names the parts are in order."""
    return folder / f"part-{part:05d}.{kind}"
