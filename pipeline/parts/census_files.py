"""The census of each part on disk, and of all parts together in little memory."""

from __future__ import annotations

import json
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from features.census import Census, ColumnCensus
from features.vocabulary import MOST_CATEGORIES, most_common, plainest
from pipeline.parts.whole_files import whole_file

LABELS_AT_ONCE: Final = 2_000_000
"""So many labels of a column are counted in memory at once; a column with more takes several rounds."""


def write_census(census: Census, path: Path) -> None:
    """Write a census: the labels of a column as a row group, all other counts beside them."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = {**{f"leads.{name}": one for name, one in census.columns.items()}}
    columns |= {f"activities.{name}": one for name, one in census.activities.items()}
    facts = {
        "leads": census.leads,
        "absent": sorted(census.absent),
        "columns": {name: asdict(replace(one, counts={}, written={})) for name, one in columns.items()},
    }
    schema = pa.schema(
        {"label": pa.string(), "uses": pa.int64(), "written": pa.string()}, {"census": json.dumps(facts)}
    )
    with whole_file(path) as unfinished, pq.ParquetWriter(unfinished, schema) as writer:
        for one in columns.values():
            counts = [list(one.counts), list(one.counts.values()), list(map(one.written.get, one.counts))]
            writer.write_table(pa.table(counts, schema=schema), row_group_size=max(len(one.counts), 1))


@dataclass(frozen=True)
class CensusFile:
    """What `write_census` wrote."""

    path: Path

    @cached_property
    def facts(self) -> Mapping[str, Any]:
        """The counts that are not of single labels."""
        import pyarrow.parquet as pq

        found: Mapping[str, Any] = json.loads(pq.read_schema(self.path).metadata[b"census"])
        return found

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The columns' names, in the order of the row groups."""
        return tuple(self.facts["columns"])

    def census(self) -> Census:
        """Return the census without the counts of labels."""
        found = {name: ColumnCensus(**one) for name, one in self.facts["columns"].items()}
        tables: dict[str, dict[str, ColumnCensus]] = {"leads": {}, "activities": {}}
        for name, one in found.items():
            table, _, column = name.partition(".")
            tables[table][column] = one
        return Census(
            self.facts["leads"], tables["leads"], tables["activities"], frozenset(self.facts["absent"])
        )

    def labels(self, group: int) -> Iterator[tuple[str, int, str | None]]:
        """Yield the labels of a column with their uses and how they are written, if not like that."""
        import pyarrow.parquet as pq

        found = pq.ParquetFile(self.path).read_row_group(group, use_threads=False)
        return zip(*(found[name].to_pylist() for name in ("label", "uses", "written")), strict=True)


def first_leads(paths: Sequence[Path]) -> tuple[int, ...]:
    """Return for each part how many leads the parts before it have."""
    leads = [CensusFile(path).facts["leads"] for path in paths]
    return tuple(sum(leads[:part]) for part in range(len(leads)))


def merged_census(paths: Sequence[Path], at_least: int, at_once: int = LABELS_AT_ONCE) -> Census:
    """Return the census of all parts, with the counts of those labels that a vocabulary may take.

    A label that is rare in every part may be common in all, so that no part can drop one. Labels are
    therefore merged column by column, and within a column by a hash of the label, at most about
    ``at_once`` of them at a time.
    """
    files = [CensusFile(path) for path in paths]
    whole = Census.merged(file.census() for file in files)
    common = {
        name: _common_labels(files, group, at_least, at_once) for group, name in enumerate(files[0].columns)
    }
    return replace(
        whole,
        columns={name: _with(one, *common[f"leads.{name}"]) for name, one in whole.columns.items()},
        activities={
            name: _with(one, *common[f"activities.{name}"]) for name, one in whole.activities.items()
        },
    )


def _with(census: ColumnCensus, counts: dict[str, int], written: dict[str, str]) -> ColumnCensus:
    return replace(census, counts=counts, written={label: written[label] for label in counts})


def _common_labels(
    files: Sequence[CensusFile], group: int, at_least: int, at_once: int
) -> tuple[dict[str, int], dict[str, str]]:
    """Return the counts of a column's common labels, and how these are written."""
    rounds = 1 + sum(_size(file, group) for file in files) // at_once
    common: dict[str, int] = {}
    written: dict[str, str] = {}
    for turn in range(rounds):
        counts: Counter[str] = Counter()
        spelled: dict[str, str] = {}
        for file in files:
            for label, uses, text in file.labels(group):
                if rounds == 1 or zlib.crc32(label.encode()) % rounds == turn:
                    counts[label] += uses
                    spelled[label] = plainest(spelled.get(label, text or label), text or label)
        common |= most_common(counts, at_least, MOST_CATEGORIES)
        written |= {label: text for label, text in spelled.items() if label in common}
    return most_common(common, at_least, MOST_CATEGORIES), written


def _size(file: CensusFile, group: int) -> int:
    import pyarrow.parquet as pq

    rows: int = pq.read_metadata(file.path).row_group(group).num_rows
    return rows
