"""A copy of the pages' file in which something is otherwise, and what a ledger is told beside it."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

import duckdb
import pandas as pd
from sqlalchemy import Table, select

from serving.ledger.ledger import Ledger


def altered(pages: Path, folder: Path, *statements: str) -> Path:
    """Return a copy of the file to which SQL was done."""
    copy = folder / "altered.duckdb"
    shutil.copy(pages, copy)
    with closing(duckdb.connect(str(copy))) as connection:
        for statement in statements:
            connection.execute(statement)
    return copy


def frame(pages: Path, sql: str) -> pd.DataFrame:
    """Return what a query finds in the file."""
    with closing(duckdb.connect(str(pages), read_only=True)) as connection:
        return connection.execute(sql).df()


def write_ledger(url: str, entries: Mapping[Table, Sequence[Mapping[str, object]]]) -> None:
    """Add rows to a ledger, as a service would."""
    with closing(Ledger(url, 2.0)) as ledger:
        ledger.open()
        ledger.append(entries)


def ledger_rows(url: str, table: Table) -> list[dict[str, object]]:
    """Return all rows of a table of a ledger."""
    with closing(Ledger(url, 2.0)) as ledger:
        ledger.open()
        with ledger.reading() as connection:
            return [row._asdict() for row in connection.execute(select(table))]


def csv_rows(text: str) -> list[dict[str, str]]:
    """Return the rows of a downloaded file."""
    return list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"))))
