"""A large value that many processes use and none needs to hold for itself."""

from __future__ import annotations

import mmap
import pickle
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Generic, TypeVar, cast

from pipeline.parts.whole_files import whole_file

T = TypeVar("T")

_ALIGNED = 64


@dataclass(frozen=True)
class Shared(Generic[T]):
    """A value in a file. Its arrays are views of the file, in memory once for all processes of a machine.

    It is sent as the name of the file alone. The file is work under way, read by the processes for
    which it was written; it is no artefact.
    """

    path: Path

    @classmethod
    def of(cls, value: T, path: Path) -> Shared[T]:
        """Write the value: where the arrays begin, all but the arrays, the arrays."""
        arrays: list[pickle.PickleBuffer] = []
        told = pickle.dumps(value, protocol=5, buffer_callback=arrays.append)
        raw = [array.raw() for array in arrays]
        with whole_file(path) as unfinished, unfinished.open("wb") as file:
            pickle.dump(([len(one) for one in raw], told), file, protocol=5)
            for one in raw:
                file.write(bytes(-file.tell() % _ALIGNED))
                file.write(one)
        return cls(path.resolve())

    def value(self) -> T:
        """Return the value, whose arrays cannot be written to; the latest is kept."""
        found = self.path.stat()
        return cast("T", _read(self.path, (found.st_ino, found.st_mtime_ns)))


@lru_cache(maxsize=1)
def _read(path: Path, written: tuple[int, int]) -> Any:  # noqa: ANN401, ARG001 - anything; a file may be written anew
    with path.open("rb") as file:
        lengths, told = pickle.load(file)  # noqa: S301 - written a moment ago by the process that asked
        begin = file.tell()
        whole = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    arrays = []
    for length in lengths:
        begin += -begin % _ALIGNED
        arrays.append(whole[begin : begin + length])
        begin += length
    return pickle.loads(told, buffers=arrays)  # noqa: S301 - the same
