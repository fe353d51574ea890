"""The engines by name, each loaded where it runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Final, cast

from benchmarks.windowed.task import Engine


@dataclass(frozen=True)
class Entry:
    """Where an engine is written, what it needs, and in a few words what it does."""

    module: str
    function: str
    package: str
    words: str

    @property
    def rival(self) -> bool:
        """Whether this is not Baton."""
        return self.module != "with_baton"

    @property
    def installed(self) -> bool:
        """Whether the package that the engine needs is there."""
        return find_spec(self.package) is not None

    def load(self) -> Engine:
        """Import the engine and all it needs."""
        return cast("Engine", getattr(import_module(f"benchmarks.windowed.{self.module}"), self.function))


BATON: Final = "baton"

ENGINES: Final[Mapping[str, Entry]] = {
    BATON: Entry("with_baton", "compute", "numpy", "FeatureSet.matrix, block by block, in threads"),
    "baton_whole": Entry("with_baton", "compute_whole", "numpy", "the same, kept in one matrix"),
    "polars": Entry("with_polars", "conditional_sums", "polars", "join, a conditional sum for each column"),
    "polars_packed": Entry("with_polars", "packed_bands", "polars", "join, counts packed into integers"),
    "polars_asof": Entry("with_polars", "as_of_joins", "polars", "running counts, as-of joins"),
    "pandas": Entry("with_pandas", "bands", "pandas", "merge, two groupings"),
    "duckdb": Entry("with_duckdb", "two_groupings", "duckdb", "join, two groupings"),
}
