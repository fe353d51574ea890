"""Leads as the endpoint receives them as records, without pandas."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from data_checks.reading import parse_time
from features.lead_input import LeadInput
from features.moments import NEVER
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
    rows = [(position, activity) for position, lead in enumerate(leads) for activity in lead.activities]
    occurred = [activity.occurred_at for _, activity in rows]
    recorded = [
        activity.occurred_at if activity.recorded_at is None else activity.recorded_at for _, activity in rows
    ]
    texts = {name: from_texts([getattr(activity, name) for _, activity in rows]) for name in ACTIVITY_TEXTS}
    lead = np.array([position for position, _ in rows], np.int64)
    return Events(lead, np.array(occurred, np.int64), np.array(recorded, np.int64), texts)


def _stage_changes(leads: Sequence[LeadInput]) -> Events:
    rows = [(position, change) for position, lead in enumerate(leads) for change in lead.stage_changes]
    changed = np.array([change.changed_at for _, change in rows], np.int64)
    lead = np.array([position for position, _ in rows], np.int64)
    return Events(lead, changed, changed, {"stage": from_texts([change.stage for _, change in rows])})
