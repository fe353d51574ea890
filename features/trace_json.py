"""The records that a value came from, as plain data."""

from __future__ import annotations

from typing import Any

from features.moments import NEVER, to_time
from features.trace import Source


def source_json(source: Source) -> dict[str, Any]:
    """Return a record with when it happened and when it became known, in ISO 8601; null is not known."""
    return {
        "table": source.table,
        "occurred_at": _moment(source.occurred),
        "known_at": _moment(source.known),
        "record": dict(source.says),
    }


def _moment(moment: int) -> str | None:
    return None if moment == NEVER else to_time(moment).isoformat()
