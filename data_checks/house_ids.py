"""House rules on ids: filled in, found, once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

import numpy as np

from data_checks.house_laws import COPY, REQUIRED, UNIQUE
from data_checks.house_table import HouseTable, Mask
from data_checks.rulings import Ruling

_IDS: Final[Mapping[str, str | None]] = MappingProxyType(
    {
        "leads": "lead_id",
        "activities": "activity_id",
        "stage_changes": None,
        "field_changes": None,
        "campaigns": "campaign_id",
        "opportunities": "opportunity_id",
    }
)


def missing(table: HouseTable) -> Iterator[Ruling]:
    """What a row cannot do without is filled in."""
    for field in table.required:
        if (table.name, field) != ("leads", "created_at"):
            yield table.ruling(
                field,
                REQUIRED.rule,
                table.missing(field),
                *REQUIRED.words(field),
                fate="quarantine",
            )


def of_no_lead(table: HouseTable) -> Iterator[Ruling]:
    """What belongs to a lead names one that there is."""
    if table.of_a_lead:
        mask = (table.lead_places < 0) & ~table.missing("lead_id")
        yield table.ruling(
            "lead_id",
            "of_a_lead",
            mask,
            "lead_id is found in leads",
            "export leads and this table at the same moment, deleted and merged leads included",
            examples=_examples(table, "lead_id", mask),
            fate="quarantine",
        )


def twice(table: HouseTable) -> Iterator[Ruling]:
    """A row comes once: of identical copies one is kept, of different rows with one id none."""
    field = _IDS[table.name]
    if field is None:
        copies = table.frame.duplicated().to_numpy()
        yield from _copies(table, "lead_id", copies, table.frame.duplicated(keep=False).to_numpy() & ~copies)
        return
    shared = (table.frame[field].duplicated(keep=False) & table.frame[field].notna()).to_numpy()
    if not shared.any():
        return
    sharing = table.frame[shared]
    versions = sharing.drop_duplicates()[field].value_counts()
    differing, copies = shared.copy(), shared.copy()
    differing[shared] = (sharing[field].map(versions) > 1).to_numpy()
    copies[shared] = sharing.duplicated().to_numpy()
    copies &= ~differing
    yield from _copies(table, field, copies, shared & ~differing & ~copies)
    yield table.ruling(
        field,
        UNIQUE.rule,
        differing,
        *UNIQUE.words(field),
        examples=_examples(table, field, differing),
        fate="quarantine",
    )


def _copies(table: HouseTable, field: str, copies: Mask, kept: Mask) -> Iterator[Ruling]:
    law, remedy = COPY.words(field)
    yield table.ruling(field, COPY.rule, copies, law, remedy, fate="quarantine", told=False)
    examples = _examples(table, field, copies)
    yield table.ruling(field, "copied", kept, law, remedy, examples=examples, fate="flag")


def _examples(table: HouseTable, field: str, mask: Mask) -> tuple[tuple[str, int], ...]:
    counts = table.frame[field].to_numpy()[np.flatnonzero(mask)]
    values, numbers = np.unique(counts.astype(str), return_counts=True)
    order = np.argsort(-numbers, kind="stable")[:5]
    return tuple((f"«{values[place][:60]}»", int(numbers[place])) for place in order)
