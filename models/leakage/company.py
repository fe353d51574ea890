"""Evidence from the company a column keeps: filled for the very leads that a suspect is filled for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from models.leakage.evidence import Evidence
from models.leakage.facts import FEWEST, Column

DIFFERENT: Final = 0.002
FILLED: Final = (0.005, 0.98)


def same_leads(column: Column, suspects: Iterable[Column]) -> Iterator[Evidence]:
    """The column is filled for the same leads as a suspect: one hand wrote both, at one time."""
    filled = int(column.filled.sum())
    if filled < FEWEST or not FILLED[0] < filled / len(column.filled) < FILLED[1]:
        return
    for suspect in suspects:
        different = int((column.filled != suspect.filled).sum())
        if suspect.name != column.name and different <= DIFFERENT * filled:
            yield Evidence(
                "same_leads",
                "hint",
                f"It is filled for the same {filled:,} leads as {suspect.name}, which is suspect"
                f"{f' ({different} leads differ)' if different else ''}.",
                {"leads": filled, "different": different},
            )
            return
