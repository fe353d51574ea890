"""When leads reached the target stage, and whether they were still open at a moment."""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray

from data_checks.agreement import Agreement
from data_checks.errors import BatonError
from data_checks.stages import STAGE_NAMES, StageName, has_reached
from features.moments import NEVER, Moments
from features.records import Events, Records, Snapshots, by_blocks
from features.text_column import Codes
from features.timeline import Timeline

CLOSED: tuple[StageName, ...] = ("disqualified", "lost")
"""A lead in one of these stages is not scored until it leaves it. A recycled lead is open."""


def reached_at(records: Records, agreement: Agreement) -> Moments:
    """Return the moment each lead first reached the target stage or one behind it; ``NEVER`` if it did not.

    Where the source has no stage changes, ``converted_at`` of the lead says it.
    """
    if "stage_changes" in records.absent:
        return records.converted
    counts = [has_reached(stage, agreement.target.stage) for stage in STAGE_NAMES]
    changes = records.stage_changes
    hits = np.array([*counts, False])[_stages(changes, agreement)]
    reached: Moments = np.full(len(records), NEVER, np.int64)
    np.minimum.at(reached, changes.lead[hits], changes.occurred[hits])
    return reached


def require_outcomes(stage_changes: int | None, conversions: int) -> None:
    """Refuse a source from which nobody can tell which leads reached the target.

    It is told by its number of stage changes (None without such a table) and of leads with
    ``converted_at``. That no lead has reached the target yet is another matter, and no fault.

    Raises:
        BatonError: There are no stage changes, nor a conversion where the lead has to say it.
    """
    if stage_changes or (stage_changes is None and conversions):
        return
    rule = "a model is trained on stage changes or, where the CRM keeps none, on converted_at of the leads"
    if conversions:
        raise BatonError(
            rule,
            f"a table stage_changes without rows, beside {conversions:,} leads with converted_at",
            "export the stage changes, or remove the empty table, so that converted_at counts",
        )
    raise BatonError(
        rule,
        "neither",
        "export the table stage_changes, or map the date of conversion to converted_at of leads",
    )


def is_open(
    records: Records, snapshots: Snapshots, agreement: Agreement, reached: Moments
) -> NDArray[np.bool_]:
    """Tell for each snapshot whether the lead existed, had not reached the target, and was not closed."""
    moment = snapshots.as_of
    alive = (records.created[snapshots.lead] <= moment) & (moment < reached[snapshots.lead])
    # The last entry is of no known stage, which closes nothing.
    closes = np.array([*(name in CLOSED for name in STAGE_NAMES), False])
    if not closes[_stages(records.stage_changes, agreement)].any():
        return alive
    closed: NDArray[np.bool_] = closes[stages_at(records, snapshots, agreement)]
    return alive & ~closed


def stages_at(records: Records, snapshots: Snapshots, agreement: Agreement) -> Codes:
    """Return the place in ``STAGE_NAMES`` of each lead's stage at the moment; -1 is not known."""
    return by_blocks(partial(_stage_now, agreement=agreement), records, snapshots)


def _stage_now(records: Records, snapshots: Snapshots, agreement: Agreement) -> Codes:
    timeline = Timeline(records.stage_changes, snapshots)
    return timeline.latest(timeline.coded(_stages(records.stage_changes, agreement)))


def _stages(changes: Events, agreement: Agreement) -> Codes:
    names = [agreement.stage_of(label) for label in changes.texts["stage"].labels]
    table = np.array([*(-1 if name is None else STAGE_NAMES.index(name) for name in names), -1], np.int32)
    return table[changes.texts["stage"].codes]
