"""Where parts are computed: in processes of this machine, or on a Spark cluster."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal, Protocol, Self

from pipeline.parts.cutting import cut_locally
from pipeline.parts.workers import PartTask, Workers, cores


class Engine(Protocol):
    """Something that cuts tables and maps a function over parts. What it is changes no result."""

    def __enter__(self) -> Self:
        """Begin."""

    def __exit__(self, *fault: object) -> None:
        """End what computes."""

    def cut(self, source: Path, folder: Path, lead_columns: Sequence[str], parts: int) -> int:
        """Cut the tables of a folder into about so many parts; return how many there are."""

    def compute(self, task: PartTask, parts: Sequence[int]) -> Iterator[int]:
        """Compute the parts and yield the rows of each as it is done, in any order."""


class LocalEngine(Workers):
    """DuckDB cuts, and processes compute; ``workers`` None is one for each core."""

    def __init__(self, workers: int | None = None) -> None:
        super().__init__(workers or cores())

    def cut(self, source: Path, folder: Path, lead_columns: Sequence[str], parts: int) -> int:
        """Cut the tables of a folder into about so many parts; return how many there are."""
        return cut_locally(source, folder, lead_columns, parts, self.most)


def engine_named(name: Literal["local", "spark"], workers: int | None) -> Engine:
    """Return an engine; on a cluster the number of workers is the cluster's."""
    if name == "spark":
        from pipeline.parts.spark import SparkEngine

        return SparkEngine()
    return LocalEngine(workers)
