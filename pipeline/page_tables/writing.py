"""The file of the pages, made beside its place and moved there whole: no reader ever sees half of it."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from data_checks.agreement import Agreement
from data_checks.tables import SHAPES
from pipeline.page_tables.cycle import STAGE_CHANGES, conversion_only_sql, reached_sql, stage_rows
from pipeline.page_tables.leads import CONTACTS, leads_sql
from pipeline.page_tables.scores import TEXTS

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

TYPES: Final = {"text": "varchar", "number": "double", "time": "timestamptz", "boolean": "boolean"}
FORMAT: Final = "2"
"""Changes when a page could not read what an older Baton wrote."""

_COPIED: Final = (
    "create table campaigns as select * from source.campaigns order by campaign_id",
    "create table opportunities as select * from source.opportunities order by lead_id",
)


class PagesFile:
    """The file while it is made. Leaving it without a fault puts it in its place."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._unfinished = path.with_name(f".{path.name}.new")

    def __enter__(self) -> PagesFile:
        """Begin an empty file."""
        import duckdb

        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._unfinished.unlink(missing_ok=True)
        self._connection = duckdb.connect(str(self._unfinished))
        self._connection.execute("set timezone = 'UTC'; set enable_progress_bar = false")
        return self

    def __exit__(self, fault: object, *_: object) -> None:
        """Close it, and move it if it is whole."""
        if fault is None:
            self._without_zones()
        self._connection.close()
        if fault is None:
            os.replace(self._unfinished, self._path)  # noqa: PTH105 - it replaces what is there, at once
        else:
            self._unfinished.unlink(missing_ok=True)

    def add_history(self, tables: Path, agreement: Agreement) -> None:
        """Add the history from the checked tables: leads, what was done, stages, campaigns, deals.

        A field of the leads that the agreement hides is empty, as if the CRM had none: no page can show it.
        """
        columns = set(self._add_source(tables)) - agreement.hidden
        target = agreement.target.stage
        values = self._connection.execute("select distinct stage from source.stage_changes").fetchall()
        self._connection.execute("create temp table stage_names (value varchar, stage varchar)")
        named = stage_rows((value for (value,) in values if value is not None), agreement)
        if named:
            self._connection.executemany("insert into stage_names values (?, ?)", named)
        staged = (tables / "stage_changes.parquet").exists()
        reached = reached_sql() if staged else conversion_only_sql(target)
        activities = _activities_sql("campaign_id" not in agreement.hidden)
        for sql in (activities, STAGE_CHANGES, reached, CONTACTS, leads_sql(columns, target), *_COPIED):
            self._connection.execute(sql)
        self._connection.execute("drop table reached; drop table contacts; drop schema source cascade")

    def add_scores(self, name: str, frame: pd.DataFrame) -> None:
        """Add a table of scores, whose columns have their types even where nothing is in them."""
        found = [f"{column}::varchar as {column}" if column in TEXTS else column for column in frame.columns]
        self.add(name, frame, f"select {', '.join(found)} from given")

    def add(self, name: str, frame: pd.DataFrame, sql: str = "select * from given") -> None:
        """Add a table of what was computed elsewhere, or what a query finds that calls it ``given``."""
        self._connection.register("given", frame)
        self._connection.execute(f"create table {name} as {sql}")
        self._connection.unregister("given")

    def add_found(self, name: str, sql: str) -> None:
        """Add a table of what a query of the unfinished file finds."""
        self._connection.execute(f"create table {name} as {sql}")

    def add_facts(self, facts: Mapping[str, Any]) -> None:
        """Add what there is one of: the moment, the agreement, what the stages before found."""
        self._connection.execute("create table facts (name varchar primary key, value json)")
        rows = [(name, json.dumps(value, ensure_ascii=False)) for name, value in facts.items()]
        self._connection.executemany("insert into facts values (?, ?)", [*rows, ("format", f'"{FORMAT}"')])

    def frame(self, sql: str) -> pd.DataFrame:
        """Return what a query of the unfinished file finds."""
        return self._connection.execute(sql).df()

    def _without_zones(self) -> None:
        """Keep moments as UTC without saying so: what their month is must not depend on who asks."""
        zoned = self._connection.execute(
            "select table_name, column_name from duckdb_columns() "
            "where data_type = 'TIMESTAMP WITH TIME ZONE' and not internal"
        ).fetchall()
        for table, column in zoned:
            self._connection.execute(
                f"alter table {table} alter {column} type timestamp using {column} at time zone 'UTC'"
            )

    def _add_source(self, tables: Path) -> tuple[str, ...]:
        """Name the checked tables ``source.NAME``, an absent one as empty; return the leads' columns."""
        self._connection.execute("create schema source")
        for name, shape in SHAPES.items():
            path = tables / f"{name}.parquet"
            empty = ", ".join(f"null::{TYPES[kind]} as {column}" for column, kind in shape.columns.items())
            found = (
                f"select * from read_parquet('{_quoted(path)}')"
                if path.exists()
                else f"select {empty} limit 0"
            )
            self._connection.execute(f"create view source.{name} as {found}")
        described: duckdb.DuckDBPyConnection = self._connection.execute("describe source.leads")
        return tuple(str(row[0]) for row in described.fetchall())


def _activities_sql(with_campaigns: bool) -> str:
    campaign = "campaign_id" if with_campaigns else "null::varchar as campaign_id"
    return f"""
create table activities as
select lead_id, occurred_at, activity_type, asset, product, {campaign}, direction
from source.activities order by lead_id, occurred_at
"""


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
