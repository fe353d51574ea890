"""A scorecard: each value of a feature earns points, and the points are added up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, astuple, dataclass
from functools import cached_property
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.bins import Floats, signed_log

ROWS_AT_ONCE: Final = 4096


@dataclass(frozen=True)
class Slope:
    """What a number earns beside its bin: ``points`` for each unit of `signed_log` above ``middle``.

    Beyond ``low`` and ``high``, in the same units, there is nothing more to earn or to lose, and a missing
    value earns none.
    """

    points: float = 0.0
    middle: float = 0.0
    low: float = 0.0
    high: float = 0.0


FLAT: Final = Slope()


class Slopes(NamedTuple):
    """The slopes of several features: what `Slope` has, as arrays."""

    points: Floats
    middle: Floats
    low: Floats
    high: Floats


def walked(values: Floats, slope: Slope | Slopes) -> Floats:
    """Return what values earn along a slope, or along one for each column."""
    inside = np.clip(signed_log(values), slope.low, slope.high)
    return np.asarray(slope.points * np.nan_to_num(inside - slope.middle))


@dataclass(frozen=True)
class Line:
    """The points of one feature, which stands at ``place`` among all, in log-odds.

    ``edges`` part numbers into bins (`models.bins.number_edges`); for codes they are None, and each code
    is a bin. ``points`` are those of a missing value and then of each bin; a code beyond them earns none.
    Within its bin a number earns more the further it lies along the ``slope``.
    """

    place: int
    edges: Floats | None
    points: Floats
    slope: Slope = FLAT


@dataclass(frozen=True)
class Scorecard:
    """What an average lead scores, in log-odds, and the lines that add to it or take from it."""

    start: float
    lines: tuple[Line, ...] = ()

    def log_odds(self, matrix: Floats) -> Floats:
        """Return the score of rows of features; a row scores the same in any company, to the last bit."""
        found = np.full(len(matrix), self.start)
        for rows in _blocks(len(matrix)) if self.lines else ():
            # Added one after the other, however many rows there are.
            found[rows] += np.cumsum(self._points(matrix[rows]), axis=1)[:, -1]
        return found

    def contributions(self, matrix: Floats) -> Floats:
        """Return the points of each feature and, in the last column, what an average lead scores.

        For a sum of functions of one feature each, these are its Shapley values where one feature says
        nothing of another (Lundberg and Lee, A unified approach to interpreting model predictions, 2017).
        """
        found = np.zeros((len(matrix), matrix.shape[1] + 1))
        found[:, -1] = self.start
        for rows in _blocks(len(matrix)) if self.lines else ():
            found[rows, self._places] = self._points(matrix[rows])
        return found

    def _points(self, matrix: Floats) -> Floats:
        """Return the points of rows, of shape (rows, lines)."""
        values = matrix[:, self._places]
        missing = np.isnan(values)
        passed = (values[:, :, np.newaxis] >= self._edges).sum(axis=2)
        coded = self._codes > 0
        codes = np.where(missing | ~coded, 0, values).astype(np.intp)
        known = np.where(codes < self._codes, codes + 1, self._table.shape[1] - 1)
        bins = np.where(coded, known, passed + 1)
        points = self._table[np.arange(len(self.lines)), np.where(missing, 0, bins)]
        return points + walked(values, self._slopes)

    @cached_property
    def _places(self) -> NDArray[np.intp]:
        return np.array([line.place for line in self.lines], np.intp)

    @cached_property
    def _codes(self) -> NDArray[np.intp]:
        """How many codes each line knows; 0 for one of numbers."""
        return np.array([len(line.points) - 1 if line.edges is None else 0 for line in self.lines], np.intp)

    @cached_property
    def _edges(self) -> Floats:
        """The edges of each line in a row; where it has fewer, an edge that no number passes."""
        known = [np.empty(0) if line.edges is None else line.edges for line in self.lines]
        table = np.full((len(known), max(map(len, known))), np.nan)
        for row, edges in zip(table, known, strict=True):
            row[: len(edges)] = edges
        return table

    @cached_property
    def _slopes(self) -> Slopes:
        """The slopes of all lines as one."""
        return Slopes(*np.array([astuple(line.slope) for line in self.lines]).T)

    @cached_property
    def _table(self) -> Floats:
        """The points of each line in a row; those of its last column are 0."""
        table = np.zeros((len(self.lines), 1 + max(len(line.points) for line in self.lines)))
        for row, line in zip(table, self.lines, strict=True):
            row[: len(line.points)] = line.points
        return table

    def to_json(self) -> dict[str, Any]:
        """Return the scorecard as JSON."""
        lines = [
            {
                "place": line.place,
                "edges": None if line.edges is None else line.edges.tolist(),
                "points": line.points.tolist(),
                "slope": asdict(line.slope),
            }
            for line in self.lines
        ]
        return {"start": self.start, "lines": lines}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Scorecard:
        """Read what `to_json` wrote."""
        lines = (
            Line(
                line["place"],
                None if line["edges"] is None else np.array(line["edges"], np.float64),
                np.array(line["points"], np.float64),
                Slope(**line["slope"]),
            )
            for line in data["lines"]
        )
        return cls(data["start"], tuple(lines))


def _blocks(rows: int) -> Iterator[slice]:
    return (slice(first, first + ROWS_AT_ONCE) for first in range(0, rows, ROWS_AT_ONCE))
