"""How much of the machine reading may take."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Limits:
    """Bounds on DuckDB, which streams the files; what is None is DuckDB's own choice.

    ``memory`` is a size such as ``2GB`` (DuckDB takes 80 % of the machine's); sorts and joins beyond it
    spill to files under ``spill_to`` (the system's temporary folder). The tables that come out are
    pandas frames and are not counted.
    """

    memory: str | None = None
    threads: int | None = None
    spill_to: Path | None = None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Limits:
        """Read ``BATON_READ_MEMORY``, ``BATON_READ_THREADS`` and ``BATON_READ_SPILL_TO``."""
        found = os.environ if environment is None else environment
        threads, spill_to = found.get("BATON_READ_THREADS"), found.get("BATON_READ_SPILL_TO")
        return cls(
            memory=found.get("BATON_READ_MEMORY") or None,
            threads=int(threads) if threads else None,
            spill_to=Path(spill_to) if spill_to else None,
        )
