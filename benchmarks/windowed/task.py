"""What every engine computes, from which files, and how it hands over the result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

DAY: Final = 86_400_000_000
"""Microseconds."""

TYPES: Final = (
    "Content Download",
    "Email Opened",
    "Form Fill",
    "Page Visit",
    "Pricing Page Visit",
    "Webinar Attended",
)
WINDOWS: Final = (1, 7, 30, 90)
"""Days. An activity counts in a window if it happened at the moment or less than so long before it."""

KINDS: Final = tuple(one.lower().replace(" ", "_") for one in TYPES)
ANY: Final = "any_activity"
SPANS: Final = (*(f"_{days}d" for days in WINDOWS), "")
"""What the name of a count ends with: its window, or nothing if it is of all the past."""


def count(kind: str, span: str) -> str:
    """Return the name of the column that counts activities of a kind, or of any."""
    return f"{kind}_count{span}"


def days_since(kind: str) -> str:
    """Return the name of the column with the days since the latest activity; NaN if there was none."""
    return f"days_since_{kind}"


COUNTS: Final = (
    *(count(kind, span) for span in SPANS for kind in KINDS),
    *(count(ANY, span) for span in SPANS),
)
COLUMNS: Final = (*COUNTS, *map(days_since, (*KINDS, ANY)))
"""The columns of the result, named and ordered as Baton does."""

Values = tuple[NDArray[np.int64] | slice, NDArray[np.float64]]
"""Snapshot numbers, and the values of `COLUMNS` for each."""

HandOver = Callable[[Callable[[], Values]], None]
"""Takes the rows of some snapshots from an engine. What it is given shows them as one matrix, if asked."""


@dataclass(frozen=True)
class Tables:
    """The files in a folder.

    ``activities.parquet``: lead (int32), occurred_at (microseconds, UTC), activity_type (a dictionary), in
    order of time, as a CRM writes them. ``snapshots-N.parquet``: snapshot (int32, counted from 0), lead,
    as_of; N of them a lead, in order of the leads.
    """

    folder: Path
    a_lead: int

    @property
    def activities(self) -> Path:
        """What the leads did, some of it after the snapshots."""
        return self.folder / "activities.parquet"

    @property
    def snapshots(self) -> Path:
        """When the leads are looked at."""
        return self.folder / f"snapshots-{self.a_lead}.parquet"


Engine = Callable[[Tables, HandOver], None]
"""Reads the tables and hands over the features of all snapshots, at once or piece by piece."""
