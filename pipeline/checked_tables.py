"""What the stages behind `check` need to know of the checked tables without reading all of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from data_checks.agreed_rules import known_ids
from data_checks.agreement import Agreement
from data_checks.row_clauses import Reference
from data_checks.tables import SHAPES, CrmHistory, empty_table
from features.moments import parse_moment
from pipeline.store import read_json

OWN_COLUMNS = ("lead_id", "created_at", "converted_at")
"""The columns that make a lead one, whatever its features are."""


@dataclass(frozen=True)
class CheckedTables:
    """The folder that the stage check wrote."""

    folder: Path

    @cached_property
    def now(self) -> int:
        """The moment the history is read at."""
        return parse_moment(read_json(self.folder / "moment.json")["now"])

    @cached_property
    def absent(self) -> frozenset[str]:
        """The tables that the source does not have."""
        return frozenset(name for name in SHAPES if not self._path(name).exists())

    @cached_property
    def lead_columns(self) -> tuple[str, ...]:
        """The columns of the leads."""
        return self._columns("leads")

    def columns_but(self, unused: Collection[str]) -> tuple[str, ...]:
        """Return the columns of the leads that are needed if some must not be looked at."""
        return tuple(name for name in self.lead_columns if name in OWN_COLUMNS or name not in unused)

    @cached_property
    def campaigns(self) -> pd.DataFrame:
        """The campaigns, of which there are few."""
        absent = "campaigns" in self.absent
        return empty_table("campaigns") if absent else pd.read_parquet(self._path("campaigns"))

    @property
    def stage_changes(self) -> int | None:
        """How many stage changes there are; None where the source has no such table."""
        import pyarrow.parquet as pq

        absent = "stage_changes" in self.absent
        return None if absent else int(pq.read_metadata(self._path("stage_changes")).num_rows)

    @property
    def conversions(self) -> int:
        """How many leads say when they were converted."""
        return int(pd.read_parquet(self._path("leads"), columns=["converted_at"])["converted_at"].count())

    def known_ids(self, agreement: Agreement) -> dict[str, list[str]]:
        """Return the ids that the agreement's references lead to, by ``table.column``."""
        named = (clause.to.partition(".") for clause in agreement.lead_data if isinstance(clause, Reference))
        wanted: dict[str, list[str]] = {}
        for table, _, column in named:
            if table not in self.absent and column in self._columns(table):
                wanted[table] = [*wanted.get(table, []), column]
        frames = {
            table: pd.read_parquet(self._path(table), columns=sorted(set(columns)))
            for table, columns in wanted.items()
        }
        history = CrmHistory(**{"leads": empty_table("leads"), **frames}, absent=self.absent)
        return {place: sorted(ids) for place, ids in known_ids(history, agreement).items()}

    def _columns(self, table: str) -> tuple[str, ...]:
        import pyarrow.parquet as pq

        return tuple(pq.read_schema(self._path(table)).names)

    def _path(self, table: str) -> Path:
        return self.folder / f"{table}.parquet"
