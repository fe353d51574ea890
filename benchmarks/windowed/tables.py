"""Synthetic activities and snapshots as Parquet files, made once for each size and kept."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.windowed.task import DAY, TYPES, Tables
from pipeline.parts.whole_files import whole_file

BEGAN: Final = 19_000 * DAY
ARRIVE_DAYS: Final = 500
FADE_DAYS: Final = 30.0
SEEN_DAYS: Final = 97.0
_TIME: Final = pa.timestamp("us", "UTC")


def tables(home: Path, leads: int, activities: int, a_lead: int, seed: int = 7) -> Tables:
    """Return the tables of so many leads and activities and ``a_lead`` snapshots of each lead.

    Leads arrive over 500 days. Each is active at random, less and less (on average 30 days after it came),
    and is looked at between 1 and 97 days after it came.
    """
    found = Tables(home / f"{leads}-{activities}", a_lead)
    created = BEGAN + np.random.default_rng(seed).integers(0, ARRIVE_DAYS * DAY, leads)
    if not found.activities.exists():
        _write(_activities(created, activities, np.random.default_rng(seed + 1)), found.activities)
    if not found.snapshots.exists():
        _write(_snapshots(created, a_lead, np.random.default_rng(seed + 2)), found.snapshots)
    return found


def _activities(created: np.ndarray, activities: int, rng: np.random.Generator) -> pa.Table:
    lead = rng.integers(0, len(created), activities, np.int32)
    occurred = created[lead] + (rng.standard_exponential(activities) * FADE_DAYS * DAY).astype(np.int64)
    order = np.argsort(occurred)
    kind = pa.array(rng.integers(0, len(TYPES), activities, np.int8))
    return pa.table(
        {
            "lead": lead[order],
            "occurred_at": pa.array(occurred[order], _TIME),
            "activity_type": pa.DictionaryArray.from_arrays(kind, list(TYPES)),
        }
    )


def _snapshots(created: np.ndarray, a_lead: int, rng: np.random.Generator) -> pa.Table:
    age = np.sort(rng.uniform(1.0, SEEN_DAYS, (len(created), a_lead)) * DAY, axis=1).astype(np.int64)
    rows = np.arange(age.size, dtype=np.int32)
    as_of = (created[:, np.newaxis] + age).ravel()
    return pa.table({"snapshot": rows, "lead": rows // np.int32(a_lead), "as_of": pa.array(as_of, _TIME)})


def _write(table: pa.Table, path: Path) -> None:
    with whole_file(path) as unfinished:
        pq.write_table(table, unfinished)
