"""DuckDB, held to the files it was given."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.sources.errors import SourceError
from pipeline.sources.limits import Limits

if TYPE_CHECKING:
    import duckdb


@contextmanager
def sandbox(paths: Iterable[Path], limits: Limits) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open an empty database that can read ``paths`` and nothing else.

    No other file, no network, no extension, no stored secret, no variable of Python; and none of that
    can be switched on again: https://duckdb.org/docs/stable/operations_manual/securing_duckdb/overview
    """
    import duckdb

    switched_off = (
        "autoinstall_known_extensions",
        "autoload_known_extensions",
        "allow_community_extensions",
        "allow_persistent_secrets",
        "python_enable_replacements",
    )
    with (
        tempfile.TemporaryDirectory(prefix="baton-read-", dir=limits.spill_to) as spill,
        duckdb.connect(config=dict.fromkeys(switched_off, "false")) as database,
    ):
        _limit(database, limits, spill)
        database.execute("SET TimeZone = 'UTC'")
        database.execute("SET allowed_paths = $paths", {"paths": [str(path) for path in paths]})
        database.execute("SET enable_external_access = false")
        database.execute("SET lock_configuration = true")
        yield database


def _limit(database: duckdb.DuckDBPyConnection, limits: Limits, spill: str) -> None:
    if limits.memory:
        if not re.fullmatch(r"\d+(\.\d+)? ?([KMGT]i?)?B", limits.memory, re.IGNORECASE):
            raise SourceError("the memory for reading is a size", repr(limits.memory), "write it like 2GB")
        database.execute("SET memory_limit = $memory", {"memory": limits.memory})
    if limits.threads:
        database.execute("SET threads = $threads", {"threads": limits.threads})
    database.execute("SET temp_directory = $spill", {"spill": spill})
