"""Outcomes that cannot be read would look like leads that never converted."""

from __future__ import annotations

from typing import Final

from data_checks.errors import BatonError
from pipeline.sources.reading import Reading

MOST_UNREADABLE: Final = 0.05
"""A larger share of stage changes that cannot be read is a mistake in the mapping, and no dirt."""


def require_readable_outcomes(reading: Reading) -> None:
    """Refuse a reading in which too many stage changes could not be read.

    Raises:
        BatonError: More than `MOST_UNREADABLE` of them; the message holds the most frequent reason.
    """
    refused = reading.refused.get("stage_changes")
    if refused is None or not len(refused):
        return
    every = len(refused) + len(reading.history.stage_changes)
    if len(refused) <= MOST_UNREADABLE * every:
        return
    reason = str(refused["reasons"].mode()[0])
    raise BatonError(
        f"at most {MOST_UNREADABLE:.0%} of the stage changes cannot be read, "
        "or leads that converted would be learned from as if they had not",
        f"{len(refused):,} of {every:,}, most of them because {reason}",
        "correct the mapping (a time may name its format); the rows are under build/quarantine/unreadable",
    )
