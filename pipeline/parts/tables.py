"""The checked tables as records: whole, or of one part of the leads after another."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final, Protocol

import pandas as pd

from data_checks.tables import SHAPES, CrmHistory, empty_table
from features.from_history import ACTIVITY_TEXTS, records_from_history
from features.records import Records

OF_LEADS: Final = ("leads", "activities", "stage_changes", "field_changes")
"""The tables whose rows belong to one lead each."""

USED: Final = {
    "activities": ("lead_id", "occurred_at", "recorded_at", *ACTIVITY_TEXTS),
    "stage_changes": ("lead_id", "changed_at", "stage"),
    "field_changes": ("lead_id", "field", "changed_at", "old_value", "new_value"),
}
"""The columns that records are made of; of leads it is all that may be looked at."""


class Parts(Protocol):
    """Records of leads in parts, ordered by lead id within a part and from part to part."""

    def __len__(self) -> int:
        """Return the number of parts."""

    def records(self, part: int, activities: bool = True) -> Records:
        """Return the records of a part, with or without what the leads did."""


@dataclass(frozen=True)
class WholeTables:
    """The checked tables as one part, which is read once and kept."""

    folder: Path
    lead_columns: tuple[str, ...]

    def __len__(self) -> int:
        return 1

    def records(self, part: int, activities: bool = True) -> Records:  # noqa: ARG002 - all are at hand
        """Return the records of all leads."""
        return self._records

    @cached_property
    def _records(self) -> Records:
        paths = {table: [self.folder / f"{table}.parquet"] for table in present_tables(self.folder)}
        return read_records(paths, self.lead_columns, absent_tables(self.folder))


@dataclass(frozen=True)
class CutTables:
    """The tables as `pipeline.parts.cutting` cut them: a folder for each table and part."""

    folder: Path
    lead_columns: tuple[str, ...]
    absent: frozenset[str]
    parts: int

    def __len__(self) -> int:
        return self.parts

    def records(self, part: int, activities: bool = True) -> Records:
        """Return the records of a part, with or without what the leads did."""
        wanted = [table for table in OF_LEADS if activities or table != "activities"]
        paths = {table: sorted((self.folder / table / f"part={part}").glob("*.parquet")) for table in wanted}
        return read_records(paths, self.lead_columns, self.absent)


def present_tables(folder: Path) -> tuple[str, ...]:
    """Return the tables with rows of single leads that the folder has."""
    return tuple(table for table in OF_LEADS if (folder / f"{table}.parquet").exists())


def absent_tables(folder: Path) -> frozenset[str]:
    """Return the tables that the folder does not have."""
    return frozenset(name for name in SHAPES if not (folder / f"{name}.parquet").exists())


def read_records(
    paths: dict[str, list[Path]], lead_columns: Sequence[str], absent: Collection[str]
) -> Records:
    """Read the records that some Parquet files hold; texts stay the dictionaries that they are stored as."""
    columns = {**USED, "leads": tuple(lead_columns)}
    frames = {table: _read(table, files, columns[table]) for table, files in paths.items() if files}
    if "leads" not in frames:
        frames["leads"] = empty_table("leads").reindex(columns=list(lead_columns))
    return records_from_history(CrmHistory(**frames, absent=frozenset(absent)))


def _read(table: str, files: list[Path], columns: Sequence[str]) -> pd.DataFrame:
    import pyarrow.parquet as pq

    kinds = SHAPES[table].columns
    texts = [name for name in columns if kinds.get(name, "text") == "text"]
    found = pq.read_table(
        [str(path) for path in files],
        columns=list(columns),
        # Merging the changes of one moment compares texts across columns: dictionaries do not serve there.
        read_dictionary=[] if table == "field_changes" else texts,
        partitioning=None,
        use_threads=False,
    )
    frame: pd.DataFrame = found.to_pandas()
    return frame
