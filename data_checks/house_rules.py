"""The rules that hold for every history, whatever was agreed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from data_checks.house_ids import missing, of_no_lead, twice
from data_checks.house_table import HouseTable
from data_checks.house_times import before_its_lead, impossible, later_than_now
from data_checks.house_values import by_clauses, of_no_column, unbounded
from data_checks.rulings import Ruling

HOUSE_RULES: Final[tuple[Callable[[HouseTable], Iterator[Ruling]], ...]] = (
    missing,
    impossible,
    by_clauses,
    later_than_now,
    of_no_lead,
    before_its_lead,
    twice,
    unbounded,
    of_no_column,
)


def house_rulings(table: HouseTable) -> tuple[Ruling, ...]:
    """Return what the house rules say of one table; rules that hold are left out."""
    if table.frame.empty:
        return ()
    return tuple(ruling for rule in HOUSE_RULES for ruling in rule(table) if len(ruling.rows))
