"""The ledger's tables as Parquet files, and its feedback as stage changes that training can read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import JSON, Connection, Float, Integer, Select, Table, Text, cast, select, text

from data_checks.errors import BatonError
from serving.handoffs import Verdict
from serving.ledger.audit import write_audit
from serving.ledger.ledger import Ledger
from serving.ledger.tables import FEEDBACK, HANDOFFS, SCORES, SHADOW_SCORES, UtcTime

if TYPE_CHECKING:
    import pyarrow as pa

    from data_checks.agreement import Agreement
    from data_checks.stages import StageName

EXPORTED: Final = (SCORES, HANDOFFS, FEEDBACK, SHADOW_SCORES)
STAGE_OF: Final[Mapping[Verdict, StageName]] = {
    "accepted": "sal",
    "rejected": "disqualified",
    "recycled": "recycled",
}
"""The stage that a lead is in by what sales says of it."""

_BLOCK: Final = 5000


@dataclass
class Exported:
    """How many rows each file has, and how many verdicts had no stage in the agreement."""

    rows: dict[str, int] = field(default_factory=dict)
    left_out: dict[str, int] = field(default_factory=dict)


def champions_agreement(models: Path) -> Agreement:
    """Return the agreement of the model that is served.

    Raises:
        BatonError: when none is, or its bundle is damaged.
    """
    from models.bundle import load_bundle
    from models.shelf import Shelf

    champion = Shelf(models).champion()
    if champion is None:
        raise BatonError(
            "feedback becomes stage changes by the served model's agreement",
            f"no promoted model in {models}",
            "promote one with `baton promote`",
        )
    return load_bundle(champion[1]).agreement


def export_ledger(ledger: Ledger, agreement: Agreement, out: Path, actor: str, now: datetime) -> Exported:
    """Write the files into the folder ``out``, a block of rows at a time; all are of one moment.

    An earlier export is replaced once all files are written.

    Raises:
        LedgerDownError: when the ledger cannot be read.
    """
    out.mkdir(parents=True, exist_ok=True, mode=0o700)
    done = Exported()
    with ledger.reading() as connection:
        _see_one_moment(connection)
        for table in EXPORTED:
            blocks = _blocks(connection, _columns_of(table))
            done.rows[table.name] = _write(out, table.name, _schema_of(table), blocks)
        left_out: Counter[str] = Counter()
        changes = _stage_changes(connection, agreement, left_out)
        done.rows["stage_changes"] = _write(out, "stage_changes", _schema_of_changes(), changes)
        done.left_out = dict(left_out)
    for name in done.rows:
        _half(out, name).replace(out / f"{name}.parquet")
    with ledger.writing() as connection:
        write_audit(connection, now, actor, "ledger_exported", done.rows)
    return done


def _see_one_moment(connection: Connection) -> None:
    # SQLite reads one state of the file as long as its transaction lasts.
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        connection.execute(text("SET LOCAL statement_timeout = 0"))


def _columns_of(table: Table) -> Select[Any]:
    """Return the query for a table, in the order of its ids; what is JSON stays text."""
    columns = (
        cast(column, Text).label(column.name) if isinstance(column.type, JSON) else column
        for column in table.columns
    )
    return select(*columns).order_by(*table.primary_key.columns)


def _blocks(connection: Connection, query: Select[Any]) -> Iterator[list[dict[str, Any]]]:
    found = connection.execute(query.execution_options(yield_per=_BLOCK))
    for block in found.partitions():
        yield [row._asdict() for row in block]


def _stage_changes(
    connection: Connection, agreement: Agreement, left_out: Counter[str]
) -> Iterator[list[dict[str, Any]]]:
    for block in _blocks(connection, select(FEEDBACK).order_by(FEEDBACK.c.feedback_id)):
        changes = []
        for row in block:
            stage = STAGE_OF[row["verdict"]]
            if values := agreement.stages.get(stage):
                changes.append(_stage_change(row, values[0]))
            else:
                left_out[stage] += 1
        yield changes


def _stage_change(row: Mapping[str, Any], value: str) -> dict[str, Any]:
    return {
        "lead_id": row["lead_id"],
        "changed_at": row["recorded_at"],
        "stage": value,
        "reason": row["reason"],
        "changed_by": row["given_by"],
    }


def _write(out: Path, name: str, schema: pa.Schema, blocks: Iterator[list[dict[str, Any]]]) -> int:
    import pyarrow as pa
    import pyarrow.parquet as pq

    count = 0
    with pq.ParquetWriter(_half(out, name), schema) as writer:
        for block in blocks:
            writer.write_table(pa.Table.from_pylist(block, schema=schema))
            count += len(block)
    return count


def _half(out: Path, name: str) -> Path:
    return out / f".{name}.half"


def _schema_of(table: Table) -> pa.Schema:
    import pyarrow as pa

    return pa.schema([(column.name, _type_of(column.type)) for column in table.columns])


def _schema_of_changes() -> pa.Schema:
    import pyarrow as pa

    names = ("lead_id", "changed_at", "stage", "reason", "changed_by")
    return pa.schema([(name, _time() if name == "changed_at" else pa.string()) for name in names])


def _type_of(kind: object) -> pa.DataType:
    import pyarrow as pa

    if isinstance(kind, UtcTime):
        return _time()
    if isinstance(kind, Float):
        return pa.float64()
    return pa.int64() if isinstance(kind, Integer) else pa.string()


def _time() -> pa.DataType:
    import pyarrow as pa

    return pa.timestamp("us", tz="UTC")
