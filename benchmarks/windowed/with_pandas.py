"""The features by pandas: one merge and two groupings for the first, second ... snapshot of all leads."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.windowed.task import DAY, KINDS, WINDOWS, HandOver, Tables, Values


def bands(tables: Tables, hand_over: HandOver) -> None:
    """Count by snapshot, type and band between two windows, then add bands up to windows.

    Merged with all snapshots of a lead at once, the activities would not fit the memory of most machines.
    """
    activities = pd.read_parquet(tables.activities)
    activities["kind"] = activities.pop("activity_type").cat.codes
    snapshots = pd.read_parquet(tables.snapshots)
    for turn in range(tables.a_lead):
        seen = snapshots.iloc[turn :: tables.a_lead]
        by_type, days = _computed(activities, seen.assign(row=np.arange(len(seen))))
        hand_over(partial(_values, seen["snapshot"], by_type, days))


def _computed(activities: pd.DataFrame, seen: pd.DataFrame) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    pairs = activities.merge(seen[["lead", "row", "as_of"]], on="lead")
    pairs = pairs[pairs["occurred_at"] <= pairs["as_of"]]
    age = (pairs["as_of"] - pairs["occurred_at"]).astype("int64")
    band = np.searchsorted([days * DAY for days in WINDOWS], age, side="right")
    cell = pairs["row"] * len(KINDS) + pairs["kind"]
    cells, spans = len(seen) * len(KINDS), len(WINDOWS) + 1
    counted = (cell * spans + band).value_counts(sort=False).reindex(range(cells * spans), fill_value=0)
    latest = age.groupby(cell).min().reindex(range(cells))
    by_type = counted.to_numpy().reshape(len(seen), len(KINDS), spans).cumsum(axis=2)
    return by_type, latest.to_numpy().reshape(len(seen), len(KINDS)) / DAY


def _values(snapshot: pd.Series, by_type: NDArray[np.int64], days: NDArray[np.float64]) -> Values:
    columns = [by_type.transpose(0, 2, 1).reshape(len(snapshot), -1), by_type.sum(axis=1)]
    columns += [days, np.fmin.reduce(days, axis=1, keepdims=True)]
    return snapshot.to_numpy(np.int64), np.concatenate(columns, axis=1)
