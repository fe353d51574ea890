"""What is done with a lead of a probability: the agreed grade, and whether sales gets it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Decision = Literal["hand_off", "nurture", "reject"]


def grade_of(grades: Mapping[str, float], probability: float) -> str:
    """Return the best grade whose least probability is reached, or the lowest grade.

    >>> grade_of({"A": 0.4, "B": 0.2, "C": 0.0}, 0.2)
    'B'
    """
    falling = sorted(grades.items(), key=lambda grade: -grade[1])
    return next((grade for grade, least in falling if probability >= least), falling[-1][0])


def decision_of(cut_off: float, probability: float, is_open: bool) -> Decision:
    """Return whether a lead is handed to sales: it is open, and reaches the cut-off."""
    return "hand_off" if is_open and probability >= cut_off else "nurture"
