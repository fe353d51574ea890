"""Cutting and computing parts on a Spark cluster: the only module that knows Spark."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from data_checks.errors import BatonError
from pipeline.parts.cutting import SAMPLED, cut_points
from pipeline.parts.tables import USED, present_tables
from pipeline.parts.whole_files import whole_file
from pipeline.parts.workers import WORKER_ENVIRONMENT, PartTask, environment

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import Column, DataFrame, SparkSession

MASTER: Final = "BATON_SPARK_MASTER"

_SETTINGS: Final = {
    "spark.sql.session.timeZone": "UTC",
    # Without Arrow, missing texts of pandas 3 arrive as the text NaN.
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    "spark.sql.execution.arrow.maxRecordsPerBatch": "100000",
    # Dates before 1900 are read as they are written, by the calendar that everything else here uses.
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
    **{f"spark.executorEnv.{name}": value for name, value in WORKER_ENVIRONMENT.items()},
}


@dataclass(frozen=True)
class SparkEngine:
    """Spark shuffles the rows to their parts, and its executors compute these.

    The driver and all executors see the project's folder under one path. Each task writes its file
    under a name of its own and renames it when it is whole, so that a task that is tried again, or twice at
    once, leaves one file and no row doubled.
    """

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *fault: object) -> None:
        """Leave the session to whoever comes next in this process."""

    def cut(self, source: Path, folder: Path, lead_columns: Sequence[str], parts: int) -> int:
        """Cut the tables of a folder into about so many parts; return how many there are."""
        spark = _session()
        tables = {
            name: spark.read.parquet(_url(source / f"{name}.parquet")) for name in present_tables(source)
        }
        points = cut_points(_sampled_ids(tables), parts)
        for name, rows in tables.items():
            columns = lead_columns if name == "leads" else USED[name]
            _cut_table(rows, columns, points, folder.resolve() / name)
        return len(points) + 1

    def compute(self, task: PartTask, parts: Sequence[int]) -> Iterator[int]:
        """Compute the parts and yield the rows of each; Spark itself shows how far it is."""
        each = _session().range(0, len(parts), 1, len(parts))
        run = partial(_computed, task=task, parts=tuple(parts))
        for row in each.mapInArrow(run, "rows long").collect():
            yield row["rows"]


def _session() -> SparkSession:
    """Return the session with the cluster that ``BATON_SPARK_MASTER`` names, else with this machine.

    Raises:
        BatonError: PySpark or Java is not installed.
    """
    try:
        from pyspark.sql import SparkSession
    except ImportError as fault:
        raise BatonError(
            "features.engine: spark needs PySpark",
            "it is not installed",
            "install Baton with its extra, `pip install 'baton[spark]'`, or set features.engine: local",
        ) from fault
    if not os.environ.get("JAVA_HOME") and shutil.which("java") is None:
        raise BatonError(
            "Spark runs on Java 17 or newer",
            "there is no `java`, and JAVA_HOME is not set",
            "install a Java runtime (Debian: openjdk-17-jre-headless), or set features.engine: local",
        )
    master = os.environ.get(MASTER, "local[*]")
    builder = SparkSession.builder.master(master).appName("baton")
    for name, value in _SETTINGS.items():
        builder = builder.config(name, value)
    own = {"PYSPARK_PYTHON": sys.executable}
    if master.startswith("local"):
        builder = builder.config("spark.ui.enabled", "false")
        own["SPARK_LOCAL_IP"] = "127.0.0.1"
    asked = {name: value for name, value in own.items() if name not in os.environ}
    # Java, and the Python workers of a session on this machine, inherit what is set while it starts.
    with environment({**WORKER_ENVIRONMENT, **asked}):
        session: SparkSession = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session


def _url(path: Path) -> str:
    return path.resolve().as_uri()


def _sampled_ids(tables: dict[str, DataFrame]) -> list[str]:
    ids: list[str] = []
    for name in ("leads", "activities"):
        if name in tables:
            known = tables[name].select("lead_id").where("lead_id IS NOT NULL")
            share = min(1.0, SAMPLED / max(known.count(), 1))
            ids += [row["lead_id"] for row in known.sample(share, seed=7).collect()]
    return ids


def _cut_table(rows: DataFrame, columns: Sequence[str], points: Sequence[str], folder: Path) -> None:
    known = rows.where("lead_id IS NOT NULL").select([f"`{name}`" for name in columns])
    placed = known.repartitionById(len(points) + 1, _part(known["lead_id"], points))
    placed.mapInArrow(partial(_written, folder=folder), "rows long").collect()


def _part(lead_id: Column, points: Sequence[str], first: int = 0) -> Column:
    """Return the number of the part that a lead id belongs to, found by halving."""
    from pyspark.sql import functions

    if not points:
        return functions.lit(first)
    middle = len(points) // 2
    lower = _part(lead_id, points[:middle], first)
    upper = _part(lead_id, points[middle + 1 :], first + middle + 1)
    return functions.when(lead_id < functions.lit(points[middle]), lower).otherwise(upper)


def _written(batches: Iterable[pa.RecordBatch], folder: Path) -> Iterator[pa.RecordBatch]:
    """Write the rows that a task receives to the file of its part."""
    import pyarrow.parquet as pq
    from pyspark import TaskContext

    context = TaskContext.get()
    filled = (batch for batch in batches if batch.num_rows)
    first = next(filled, None)
    if context is None or first is None:
        return
    rows = 0
    path = folder / f"part={context.partitionId()}" / "data_0.parquet"
    with whole_file(path) as unfinished, pq.ParquetWriter(unfinished, first.schema) as writer:
        for batch in chain([first], filled):
            writer.write_batch(batch)
            rows += batch.num_rows
    yield _counted([rows])


def _computed(
    batches: Iterable[pa.RecordBatch], task: PartTask, parts: Sequence[int]
) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        yield _counted([task(parts[position]) for position in batch.column(0).to_pylist()])


def _counted(rows: list[int]) -> pa.RecordBatch:
    import pyarrow as pa

    return pa.RecordBatch.from_pydict({"rows": pa.array(rows, pa.int64())})
