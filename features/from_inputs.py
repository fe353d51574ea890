"""Leads as the endpoint receives them as records, without pandas."""

from __future__ import annotations

from collections.abc import Sequence, Sized
from typing import Any

import numpy as np

from data_checks.reading import parse_time
from features.lead_input import Activity, LeadInput, StageChange
from features.moments import NEVER, Moments
from features.records import Events, Records, Snapshots
from features.text_column import from_texts

ACTIVITY_TEXTS = ("activity_type", "asset", "product", "campaign_id", "direction")


def records_from_inputs(
    leads: Sequence[LeadInput], absent: frozenset[str] = frozenset()
) -> tuple[Records, Snapshots]:
    """Return the records of the leads and one snapshot each, at their own as-of moments.

    ``absent`` names the tables that the CRM does not have, as in training.
    """
    names = dict.fromkeys(name for lead in leads for name in lead.fields)
    records = Records(
        lead_ids=tuple(lead.lead_id for lead in leads),
        created=np.array([_moment(lead, "created_at") for lead in leads], np.int64),
        converted=np.array([_moment(lead, "converted_at") for lead in leads], np.int64),
        fields={name: from_texts([lead.fields.get(name) for lead in leads]) for name in names},
        activities=_activities(leads),
        stage_changes=_stage_changes(leads),
        field_changes={},
        absent=absent,
    )
    as_of = np.array([lead.as_of for lead in leads], np.int64)
    return records, Snapshots(np.arange(len(leads), dtype=np.int64), as_of)


def _moment(lead: LeadInput, field: str) -> int:
    moment = parse_time(lead.fields.get(field))
    return NEVER if moment is None else moment


def _activities(leads: Sequence[LeadInput]) -> Events:
    column = _columns(Activity._fields, [one for lead in leads for one in lead.activities])
    pairs = zip(column["occurred_at"], column["recorded_at"], strict=True)
    recorded = [moment if known is None else known for moment, known in pairs]
    texts = {name: from_texts(column[name]) for name in ACTIVITY_TEXTS}
    occurred = np.array(column["occurred_at"], np.int64)
    return Events(_whose([lead.activities for lead in leads]), occurred, np.array(recorded, np.int64), texts)


def _stage_changes(leads: Sequence[LeadInput]) -> Events:
    column = _columns(StageChange._fields, [one for lead in leads for one in lead.stage_changes])
    changed = np.array(column["changed_at"], np.int64)
    texts = {"stage": from_texts(column["stage"])}
    return Events(_whose([lead.stage_changes for lead in leads]), changed, changed, texts)


def _columns(names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> dict[str, tuple[Any, ...]]:
    """Return rows, which hold their values in the order of the names, as columns."""
    return dict(zip(names, zip(*rows, strict=True), strict=True)) if rows else dict.fromkeys(names, ())


def _whose(rows: Sequence[Sized]) -> Moments:
    """Return for each of the leads' rows the position of its lead."""
    return np.repeat(np.arange(len(rows), dtype=np.int64), list(map(len, rows)))
