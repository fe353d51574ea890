"""The features by Baton's engine: the records of some leads after another, on all cores."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from benchmarks.windowed.task import COLUMNS, TYPES, WINDOWS, HandOver, Tables, Values
from features.by_lead import by_lead
from features.feature_set import FeatureSet
from features.moments import NEVER
from features.profile import Profile
from features.records import Events, Records, Snapshots, blocks, leads_at_once
from features.reference import Reference
from features.settings import FeatureSettings
from features.text_column import TextColumn
from features.vocabulary import Vocabulary
from pipeline.parts.workers import cores

PART_BITS: Final = 14
"""A part has the leads whose numbers differ in so many of the lowest bits only."""

ROWS: Final = 2**18
ABSENT: Final = frozenset({"stage_changes", "campaigns", "opportunities", "field_changes"})
DECLARATIONS: Final = ("activity_count", "activity_age", "any_activity_count", "any_activity_age")


class Piece(NamedTuple):
    """Activities of one part: the lead's number within it, when, and the code of the type."""

    lead: NDArray[np.uint16]
    occurred: NDArray[np.int64]
    kind: NDArray[np.int8]

    def of_rows(self, rows: slice) -> Piece:
        """Return some of the activities."""
        return Piece(self.lead[rows], self.occurred[rows], self.kind[rows])


def compute(tables: Tables, hand_over: HandOver) -> None:
    """Cut the activities into parts in memory, then compute part by part and block by block."""
    read = pq.read_table(tables.snapshots, columns=["lead", "as_of"])
    seen = Snapshots(read["lead"].to_numpy(), read["as_of"].cast(pa.int64()).to_numpy())
    features = feature_set()
    with ThreadPoolExecutor(cores()) as pool:
        parts = _cut(tables.activities, 1 + int(seen.lead[-1]), pool)
        done = pool.map(partial(_compute_part, parts, seen, features, hand_over), range(len(parts)))
        list(done)


def compute_whole(tables: Tables, hand_over: HandOver) -> None:
    """Compute the same, and put all pieces into one matrix."""
    matrix = np.empty((pq.read_metadata(tables.snapshots).num_rows, len(COLUMNS)))

    def put(values: Callable[[], Values]) -> None:
        rows, found = values()
        matrix[rows] = found

    compute(tables, put)
    hand_over(lambda: (slice(None), matrix))


def feature_set() -> FeatureSet:
    """Return the features of the task, out of the catalogue that the settings give rise to."""
    vocabulary = Vocabulary(tuple(map(str.lower, TYPES)))
    profile = Profile(
        FeatureSettings(windows_days=WINDOWS),
        {},
        vocabularies={"activities.activity_type": vocabulary},
        absent=ABSENT,
    )
    declared = FeatureSet.declare(profile)
    wanted = declared.without([one.name for one in declared.features if one.kind.key not in DECLARATIONS])
    if wanted.names != COLUMNS:
        raise SystemExit(f"the catalogue has other names or another order now: {wanted.names}")
    return wanted


def _cut(path: Path, leads: int, pool: ThreadPoolExecutor) -> list[list[Piece]]:
    """Return the activities of each part in pieces, which are in order of time."""
    parts: list[list[Piece]] = [[] for _ in range((leads - 1 >> PART_BITS) + 1)]
    groups = range(pq.read_metadata(path).num_row_groups)
    for pieces in pool.map(partial(_pieces, path, len(parts)), groups):
        for part, piece in pieces:
            parts[part].append(piece)
    return parts


def _pieces(path: Path, parts: int, group: int) -> list[tuple[int, Piece]]:
    file = pq.ParquetFile(path, read_dictionary=["activity_type"])
    batches = file.iter_batches(ROWS, row_groups=[group], use_threads=False)
    return [piece for batch in batches for piece in _of_batch(batch, parts)]


def _of_batch(batch: pa.RecordBatch, parts: int) -> Iterator[tuple[int, Piece]]:
    lead = batch["lead"].to_numpy()
    kind = np.array([TYPES.index(label) for label in batch["activity_type"].dictionary.to_pylist()], np.int8)
    part = lead >> PART_BITS
    order = by_lead(part)
    sorted_piece = Piece(
        (lead & (1 << PART_BITS) - 1).astype(np.uint16).take(order),
        batch["occurred_at"].cast(pa.int64()).to_numpy().take(order),
        kind.take(batch["activity_type"].indices.to_numpy().take(order)),
    )
    ends = np.cumsum(np.bincount(part, minlength=parts))
    for number, (first, last) in enumerate(pairwise((0, *ends.tolist()))):
        yield number, sorted_piece.of_rows(slice(first, last))


def _compute_part(
    parts: list[list[Piece]], seen: Snapshots, features: FeatureSet, hand_over: HandOver, part: int
) -> None:
    first = part << PART_BITS
    ends = np.array((first, first + (1 << PART_BITS)), seen.lead.dtype)
    start, stop = np.searchsorted(seen.lead, ends).tolist()
    snapshots = Snapshots(seen.lead[start:stop].astype(np.int64) - first, seen.as_of[start:stop])
    records = _records(parts[part], int(snapshots.lead[-1]) + 1)
    parts[part] = []
    for block, looked_at in blocks(records, snapshots, leads_at_once(snapshots)):
        matrix = features.matrix(block, looked_at, Reference())
        hand_over(partial(_values, start, matrix))
        start += len(matrix)


def _records(pieces: Sequence[Piece], leads: int) -> Records:
    lead, occurred, kind = (np.concatenate(column) for column in zip(*pieces, strict=True))
    order = by_lead(lead)
    none = TextColumn(np.full(len(order), -1, np.int32), ())
    texts = dict.fromkeys(("direction", "asset", "product", "campaign_id"), none)
    texts["activity_type"] = TextColumn(kind.take(order).astype(np.int32), TYPES)
    moments = occurred.take(order)
    nothing = Events(*3 * (np.empty(0, np.int64),), {"stage": none[:0]})
    never = np.full(leads, NEVER, np.int64)
    activities = Events(lead.take(order).astype(np.int64), moments, moments, texts)
    return Records(("",) * leads, never, never, {}, activities, nothing, {}, ABSENT)


def _values(first: int, matrix: NDArray[np.float64]) -> Values:
    return slice(first, first + len(matrix)), matrix
