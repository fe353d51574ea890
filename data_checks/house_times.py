"""House rules on moments: possible, past, and in their order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

import numpy as np

from data_checks.house_clauses import EARLIEST, LATEST
from data_checks.house_table import HouseTable
from data_checks.reading import parse_time
from data_checks.rulings import Ruling
from data_checks.tables import SHAPES

# Moments at which something happened; a campaign's end or a deal's closing may well be planned.
_HAPPENED: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "leads": ("converted_at",),
        "activities": ("occurred_at", "recorded_at"),
        "stage_changes": ("changed_at",),
        "field_changes": ("changed_at",),
        "campaigns": (),
        "opportunities": ("created_at",),
    }
)
_MISSING: Final = np.iinfo(np.int64).min


def impossible(table: HouseTable) -> Iterator[Ruling]:
    """Moments before 1990 or after 2100: a row that cannot do without goes, another loses the value."""
    earliest, latest = parse_time(EARLIEST) or 0, parse_time(LATEST) or 0
    for field, kind in SHAPES[table.name].columns.items():
        if kind == "time" and (table.name, field) != ("leads", "created_at"):
            moments = table.moments(field)
            yield table.ruling(
                field,
                "possible",
                (moments != _MISSING) & ((moments < earliest) | (moments > latest)),
                f"{field} lies between 1990 and 2100",
                f"correct {field} at its source, a default like 1970 or 9999 stands for nothing",
                fate="quarantine" if field in table.required else "blank",
            )


def later_than_now(table: HouseTable) -> Iterator[Ruling]:
    """What is dated after the check has not happened yet; reading as of a moment passes it by."""
    for field in _HAPPENED[table.name]:
        yield table.ruling(
            field,
            "not_later",
            table.moments(field) > table.now,
            f"{field} is not later than the moment of the check; later rows are kept but not read",
            f"correct {field}, or check at a later moment",
            fate="stay",
        )


def before_its_lead(table: HouseTable) -> Iterator[Ruling]:
    """What belongs to a lead does not come before it."""
    if table.name == "campaigns":
        return
    field = _HAPPENED[table.name][0]
    moments = table.moments(field)
    yield table.ruling(
        field,
        "after_its_lead",
        (moments != _MISSING) & (moments < table.lead_created),
        f"{field} is not before its lead was created",
        f"look whether {field} or the lead's created_at was back-filled",
        fate="flag",
    )
