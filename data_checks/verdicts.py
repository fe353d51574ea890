"""What was found out about one clause on one table."""

from __future__ import annotations

from dataclasses import dataclass

from data_checks.clause import Clause
from data_checks.columns import Positions


@dataclass(frozen=True)
class Verdict:
    """Whether a table keeps a clause.

    ``rows`` are the positions of the rows that break it, ``judged`` the number of values that were
    asked; of a clause about the whole column, ``observed`` is what was measured, if anything was.
    """

    identifier: str
    clause: Clause
    kept: bool
    rows: Positions
    judged: int
    observed: float | None = None
