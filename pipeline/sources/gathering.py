"""All that was read, put together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import pandas as pd

from data_checks.tables import SHAPES, CrmHistory
from pipeline.sources.errors import SourceError
from pipeline.sources.frames import stacked
from pipeline.sources.reading import Reading
from pipeline.sources.refusals import stacked_refusals
from pipeline.sources.source_reader import PartReading

_SWITCHED_OFF: Final[Mapping[str, str]] = {
    "activities": "the features of behaviour, assets and product interest",
    "stage_changes": "dated stages: an outcome can only come from converted_at of leads",
    "field_changes": "fields as they were: each is read as it is now, and the leakage audit suspects it",
    "campaigns": "the features of campaigns, and their cost in reports",
    "opportunities": "deals and their amounts in reports",
}


def gathered(parts: Sequence[PartReading], notes: Sequence[str]) -> Reading:
    """Return the reading of all parts.

    Raises:
        SourceError: when not one lead could be read.
    """
    tables = {name: stacked(name, [part.frame for part in parts if part.table == name]) for name in SHAPES}
    refused = {
        name: stacked_refusals([part.refused for part in parts if part.table == name]) for name in SHAPES
    }
    if tables["leads"].empty:
        raise _no_leads(refused["leads"])
    absent = frozenset(SHAPES) - {part.table for part in parts}
    unread = pd.concat([part.unread for part in parts], ignore_index=True)
    words = (
        *_absences(tables["leads"], absent),
        *dict.fromkeys(note for part in parts for note in part.notes),
        *_losses(refused, unread),
        *notes,
    )
    history = CrmHistory(
        leads=tables["leads"],
        activities=tables["activities"],
        stage_changes=tables["stage_changes"],
        field_changes=tables["field_changes"],
        campaigns=tables["campaigns"],
        opportunities=tables["opportunities"],
        absent=absent,
    )
    return Reading(history, {name: frame for name, frame in refused.items() if len(frame)}, unread, words)


def _absences(leads: pd.DataFrame, absent: frozenset[str]) -> Iterator[str]:
    for name in SHAPES:
        if name in absent:
            yield f"{name} is absent, which switches off {_SWITCHED_OFF[name]}"
    if "stage_changes" in absent and leads["converted_at"].isna().all():
        yield "no outcome is known (no stage change, no converted_at), so nothing can be learned"
    empty = [name for name in SHAPES["leads"].columns if leads[name].isna().all()]
    if empty:
        yield f"leads has nothing in {', '.join(empty)}"


def _losses(refused: Mapping[str, pd.DataFrame], unread: pd.DataFrame) -> Iterator[str]:
    for name, frame in refused.items():
        if len(frame):
            yield f"{name}: {len(frame):,} rows are refused, the first because {_first_reason(frame)}"
    for (table, column), cells in unread.groupby(["table", "column"], sort=False):
        first = cells["reason"].iloc[0]
        yield f"{table}: {len(cells):,} cells of {column} are unreadable and so missing, the first: {first}"


def _first_reason(frame: pd.DataFrame) -> str:
    first = frame.iloc[0]
    place = f"line {first['line']}" if pd.notna(first["line"]) else f"row {first['row']}"
    return f"{first['reasons']} ({first['file']}, {place})"


def _no_leads(refused: pd.DataFrame) -> SourceError:
    if refused.empty:
        return SourceError(
            "leads has at least one row", "none", "export it again, or correct its where rules"
        )
    return SourceError(
        "at least one row of leads can be read",
        f"{len(refused):,} rows, all refused, the first because {_first_reason(refused)}",
        "correct the file, or say in a mapping how it is to be read",
    )
