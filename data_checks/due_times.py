"""Until when sales has promised to be in touch."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from data_checks.moments import moment_of, utc

if TYPE_CHECKING:
    from data_checks.agreement import Agreement

_HOUR: Final = 3_600_000_000


def due_at(agreement: Agreement, grade: str, opened_at: datetime) -> datetime | None:
    """Return when the first contact is due: the agreed working hours of the grade later, or None."""
    from data_checks.working_time import working_clock

    hours = agreement.sla.first_contact_hours.get(grade)
    if hours is None:
        return None
    clock = working_clock(agreement.sla.working_hours)
    return utc(clock.later(moment_of(opened_at), round(hours * _HOUR)))
