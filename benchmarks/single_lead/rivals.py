"""The counts of activities by type and window, for one lead, as users of pandas and polars would write them.

Both begin with the list of activities as it comes in a request, and end with plain numbers. What does not
change from lead to lead is made once. ``unused`` are types that may not be looked at, folded.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from data_checks.folding import fold
from features.feature_set import FeatureSet
from features.lead_input import LeadInput
from features.moments import DAY, NEVER

Rival = Callable[[LeadInput], Sequence[float]]


@dataclass(frozen=True)
class Count:
    """A column of the features that counts activities: of one type or of any, in a window or ever."""

    column: int
    kind: str | None
    length: int


def counts_of(features: FeatureSet) -> list[Count]:
    """Return the counts by type and of any type among the features."""
    return [
        Count(column, one.label, NEVER if one.case["window"] is None else round(one.case["window"] * DAY))
        for column, one in enumerate(features.features)
        if one.kind.key == "any_activity_count"
        or (one.kind.key == "activity_count" and one.case["column"] == "activity_type")
    ]


def by_pandas(counts: Sequence[Count], unused: Sequence[str]) -> Rival:
    """Cross types with bands of age, and add bands up."""
    lengths = sorted({one.length for one in counts})
    kinds = sorted({one.kind for one in counts if one.kind})
    places = [
        (kinds.index(one.kind) if one.kind else len(kinds), lengths.index(one.length)) for one in counts
    ]

    def compute(lead: LeadInput) -> Sequence[float]:
        frame = pd.DataFrame(
            {
                "kind": [fold(one.activity_type) for one in lead.activities],
                "occurred": [one.occurred_at for one in lead.activities],
                "recorded": [one.recorded_at for one in lead.activities],
            }
        )
        known = (frame["occurred"] <= lead.as_of) & (frame["recorded"] <= lead.as_of)
        frame = frame[known & ~frame["kind"].isin(unused)]
        band = np.searchsorted(lengths, lead.as_of - frame["occurred"], side="right")
        crossed = pd.crosstab(frame["kind"], band)
        windows = crossed.reindex(columns=range(len(lengths)), fill_value=0).cumsum(axis=1)
        rows = [*windows.reindex(kinds, fill_value=0).to_numpy().tolist(), windows.sum().tolist()]
        return [rows[row][column] for row, column in places]

    return compute


def by_polars(counts: Sequence[Count], unused: Sequence[str]) -> Rival:
    """Sum a condition for each count, in one query."""
    import polars as pl

    schema = {"kind": pl.String, "occurred": pl.Int64, "recorded": pl.Int64}
    kind, age = pl.col("kind"), pl.col("age")
    sums = [
        ((age < one.length) if one.kind is None else (age < one.length) & (kind == one.kind))
        .sum()
        .alias(str(one.column))
        for one in counts
    ]

    def compute(lead: LeadInput) -> Sequence[float]:
        rows = [(fold(one.activity_type), one.occurred_at, one.recorded_at) for one in lead.activities]
        frame = pl.DataFrame(rows, schema=schema, orient="row").lazy()
        known = frame.filter(
            pl.col("recorded") <= lead.as_of, pl.col("occurred") <= lead.as_of, ~kind.is_in(unused)
        )
        return known.with_columns(age=lead.as_of - pl.col("occurred")).select(sums).collect().row(0)

    return compute
