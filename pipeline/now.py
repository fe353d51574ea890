"""The moment a history is read at."""

from __future__ import annotations

import time
from typing import Final

import numpy as np

from data_checks.errors import BatonError
from data_checks.tables import CrmHistory
from features.moments import NEVER, SECOND, to_moments

RECORDED: Final = {
    "leads": ("created_at", "converted_at"),
    "activities": ("occurred_at", "recorded_at"),
    "stage_changes": ("changed_at",),
    "field_changes": ("changed_at",),
    "opportunities": ("created_at", "closed_at"),
}


def latest_recorded(history: CrmHistory) -> int:
    """Return the latest moment at which anything was recorded.

    A moment that has not come yet was typed wrongly, so it is not taken; the data checks report it.

    Raises:
        BatonError: Nothing at all is dated.
    """
    clock = time.time_ns() // 1000 + 60 * SECOND
    moments = [
        to_moments(getattr(history, table)[column]) for table, names in RECORDED.items() for column in names
    ]
    dated = np.concatenate(moments)
    dated = dated[(dated != NEVER) & (dated <= clock)]
    if not len(dated):
        raise BatonError(
            "a history has at least one dated record",
            "none",
            "map a date column to created_at in the mapping",
        )
    return int(dated.max())
