"""Leads of the sample CRM with as many activities as asked for."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from features.lead_input import Activity, LeadInput, StageChange
from features.moments import DAY
from features.records import Events, Records, Snapshots
from models.batch import fields_of

LOOKED_BACK_DAYS = 120


def leads_with(records: Records, activities: int, leads: int, now: int, seed: int) -> Iterator[LeadInput]:
    """Yield leads with fields and stage changes of their own, and activities drawn from those of all leads.

    What was done, with what, by whom and how late it was written down is as in the CRM; when it was done is
    anywhere in the last 120 days.
    """
    rng = np.random.default_rng(seed)
    chosen = np.sort(rng.choice(len(records), leads, replace=leads > len(records)))
    fields = fields_of(records, Snapshots(chosen, np.full(leads, now, np.int64)))
    drawn = list(_activities(records.activities))
    for lead, known in zip(chosen.tolist(), fields, strict=True):
        ages = np.sort(rng.integers(0, LOOKED_BACK_DAYS * DAY, activities))[::-1].tolist()
        picked = (drawn[row] for row in rng.integers(0, len(drawn), activities).tolist())
        moved = tuple(_moved(one, now - age) for one, age in zip(picked, ages, strict=True))
        changes = records.stage_changes.of_leads(lead, lead + 1)
        yield LeadInput(str(known["lead_id"]), now, known, moved, tuple(_stage_changes(changes)))


def _moved(activity: Activity, occurred: int) -> Activity:
    recorded = activity.recorded_at
    late = 0 if recorded is None else recorded - activity.occurred_at
    return activity._replace(occurred_at=occurred, recorded_at=occurred + late)


def _activities(events: Events) -> Iterator[Activity]:
    names = ("activity_type", "asset", "product", "campaign_id", "direction")
    texts = {
        name: np.array([*events.texts[name].labels, None], object)[events.texts[name].codes].tolist()
        for name in names
    }
    for row, (occurred, recorded) in enumerate(
        zip(events.occurred.tolist(), events.recorded.tolist(), strict=True)
    ):
        yield Activity(
            occurred_at=occurred, recorded_at=recorded, **{name: texts[name][row] for name in names}
        )


def _stage_changes(events: Events) -> Iterator[StageChange]:
    stage = events.texts["stage"]
    for moment, code in zip(events.occurred.tolist(), stage.codes.tolist(), strict=True):
        if code >= 0:
            yield StageChange(moment, stage.labels[code])
