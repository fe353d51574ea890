"""Straight lines from point to point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.calibration.form import Floats


@dataclass(frozen=True)
class BrokenLine:
    """A function through some points, straight between them; beyond the outermost ones its slope is 1.

    NumPy's own `interp` is level out there, which would tie all leads beyond.
    """

    starts: Floats
    x: Floats
    y: Floats
    slope: Floats

    @classmethod
    def through(cls, x: Sequence[float], y: Sequence[float]) -> BrokenLine:
        """Return the line through points whose ``x`` rise.

        >>> BrokenLine.through([0.0, 2.0], [1.0, 5.0])(np.array([-1.0, 1.0, 4.0])).tolist()
        [0.0, 3.0, 7.0]
        """
        at, to = np.array(x), np.array(y)
        slope = np.concatenate(([1.0], np.diff(to) / np.diff(at), [1.0]))
        return cls(at, np.append(at[0], at), np.append(to[0], to), slope)

    def __call__(self, at: Floats) -> Floats:
        """Return the line's values, each the same in any company to the last bit."""
        line = np.searchsorted(self.starts, at, side="right")
        return np.asarray(self.y[line] + self.slope[line] * (at - self.x[line]))
