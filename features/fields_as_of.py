"""The value that a lead's field had at a moment, from its current value and its changes."""

from __future__ import annotations

import numpy as np

from features.records import Events, Records, Snapshots
from features.text_column import Codes, TextColumn, stacked
from features.timeline import Timeline


def field_as_of(records: Records, snapshots: Snapshots, field: str) -> TextColumn:
    """Return the field's text at each snapshot.

    That is the new value of the last change up to the moment; before the first change its old value;
    and the current value where the field never changed. A field the records do not have is missing.
    """
    current = records.fields.get(field, TextColumn(np.full(len(records), -1, np.int32), ()))
    changes = records.field_changes.get(field)
    if changes is None or not len(changes):
        return current[snapshots.lead]
    together = stacked((current, changes.texts["old"], changes.texts["new"]))
    now, old, new = np.split(together.codes, [len(current), len(current) + len(changes)])
    return TextColumn(_codes_as_of(changes, snapshots, now, old, new), together.labels)


def _codes_as_of(changes: Events, snapshots: Snapshots, now: Codes, old: Codes, new: Codes) -> Codes:
    timeline = Timeline(changes, snapshots)
    old, new = timeline.coded(old), timeline.coded(new)
    end = np.searchsorted(changes.lead, snapshots.lead, side="right")
    before = np.where(
        timeline.newest < end, np.append(old, np.int32(-1))[timeline.newest], now[snapshots.lead]
    )
    changed = timeline.newest > timeline.start
    return np.where(changed, np.append(new, np.int32(-1))[timeline.newest - 1], before).astype(np.int32)
