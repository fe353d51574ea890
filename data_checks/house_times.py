"""House rules on moments: possible, past, and in their order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

import numpy as np

from data_checks.house_clauses import possible_moments
from data_checks.house_laws import AFTER_ITS_LEAD, POSSIBLE
from data_checks.house_table import HouseTable
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
    earliest, latest = possible_moments()
    for field, kind in SHAPES[table.name].columns.items():
        if kind == "time" and (table.name, field) != ("leads", "created_at"):
            moments = table.moments(field)
            yield table.ruling(
                field,
                POSSIBLE.rule,
                (moments != _MISSING) & ((moments < earliest) | (moments > latest)),
                *POSSIBLE.words(field),
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
        AFTER_ITS_LEAD.rule,
        (moments != _MISSING) & (moments < table.lead_created),
        *AFTER_ITS_LEAD.words(field),
        fate="flag",
    )
