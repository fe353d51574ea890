"""What a score was made from, packed for the ledger and unpacked for a trace."""

from __future__ import annotations

import zlib
from typing import Final

from pydantic_core import from_json, to_json

from features.lead_input import Activity, LeadInput, StageChange

_QUICK: Final = 1


def packed(lead: LeadInput) -> bytes:
    """Return a lead as compressed JSON."""
    told = {
        "lead_id": lead.lead_id,
        "as_of": lead.as_of,
        "fields": {name: value for name, value in lead.fields.items() if value is not None},
        # A row is its values in the order of their declaration; one that comes later has a default. Named
        # tuples take `to_json` twice as long as plain ones.
        "activities": list(map(tuple, lead.activities)),
        "stage_changes": list(map(tuple, lead.stage_changes)),
    }
    return zlib.compress(to_json(told), _QUICK)


def unpacked(content: bytes) -> LeadInput:
    """Return the lead that was packed."""
    told = from_json(zlib.decompress(content))
    return LeadInput(
        told["lead_id"],
        told["as_of"],
        told["fields"],
        tuple(Activity(*row) for row in told["activities"]),
        tuple(StageChange(*row) for row in told["stage_changes"]),
    )
