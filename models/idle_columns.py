"""Features that tell a model nothing: the same for every snapshot, or the same as another one.

They are found from one number for each column, which is added up part by part, so that no two columns
of a large training set need ever be held side by side.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.training_rows import TrainingRows

Words = NDArray[np.uint64]


@dataclass(frozen=True)
class Signature:
    """What tells the columns of training rows apart.

    ``columns`` is, for each column, the sum modulo 2^64 of a number mixed from each value's bits, each
    times a number drawn from the row's lead and moment; ``ones`` the sum of the drawn numbers alone. Equal
    columns have equal sums, and different ones have them by a chance of about one in 2^64. ``first`` holds
    the mixed numbers of the first row.
    """

    columns: Words
    ones: int
    first: Words

    @classmethod
    def of(cls, rows: TrainingRows) -> Signature:
        """Return the signature of some rows, at least one."""
        drawn = _mixed(_mixed(rows.lead.astype(np.uint64)) ^ rows.as_of.astype(np.uint64))
        # Column by column, as mixing takes room for three more of what is mixed.
        sums = np.array([drawn @ _mixed(_bits(column)) for column in rows.matrix.T], np.uint64)
        return cls(sums, int(drawn.sum()), _mixed(_bits(rows.matrix[0])))

    def and_of(self, later: Signature) -> Signature:
        """Return the signature of both sets of rows, these before those."""
        return Signature(self.columns + later.columns, (self.ones + later.ones) % 2**64, self.first)

    def to_json(self) -> dict[str, Any]:
        """Return the signature as JSON."""
        return {"columns": self.columns.tolist(), "ones": self.ones, "first": self.first.tolist()}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Signature:
        """Read what `to_json` wrote."""
        columns, first = (np.array(data[name], np.uint64) for name in ("columns", "first"))
        return cls(columns, data["ones"], first)


def idle_columns(names: Sequence[str], parts: Iterable[Signature]) -> dict[str, str | None]:
    """Return the columns that tell nothing, with the earlier one that each repeats (None if constant)."""
    found = list(parts)
    if not found:
        return {}
    whole = reduce(Signature.and_of, found)
    constant = whole.columns == whole.first * np.uint64(whole.ones)
    idle: dict[str, str | None] = {}
    seen: dict[int, str] = {}
    for name, number, same in zip(names, whole.columns.tolist(), constant.tolist(), strict=True):
        if same:
            idle[name] = None
        elif number in seen:
            idle[name] = seen[number]
        else:
            seen[number] = name
    return idle


def _bits(numbers: NDArray[np.float64]) -> Words:
    # Adding a zero makes the two zeros one; there are many ways to write that a number is missing.
    return np.where(np.isnan(numbers), np.nan, numbers + 0.0).view(np.uint64)


def _mixed(numbers: Words) -> Words:
    """Return numbers that look drawn at random (the finalizer of SplitMix64, Steele et al. 2014).

    What is multiplied and added up modulo 2^64 has to look so: the bits of a small whole number are all
    among the highest twelve, and the rest of their product would be lost.
    """
    mixed = numbers + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))
