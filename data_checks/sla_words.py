"""The service levels in plain words, each promise said in one way wherever it is said."""

from __future__ import annotations

from data_checks.clause import percent
from data_checks.sla import Sla, WorkingHours


def promises_in_words(sla: Sla) -> dict[str, str]:
    """Return a sentence for each promise that was made, by its place among the service levels.

    >>> promises_in_words(Sla(sqls_per_month=1200))["sqls_per_month"]
    'Marketing promises 1,200 SQLs a month.'
    """
    words = {
        f"first_contact_hours.{grade}": (
            f"Sales first contacts a lead of grade {grade} within {hours:g} working hours of its hand-off."
        )
        for grade, hours in sla.first_contact_hours.items()
    }
    words["working_hours"] = _hours_in_words(sla.working_hours)
    if sla.sqls_per_month is not None:
        words["sqls_per_month"] = f"Marketing promises {sla.sqls_per_month:,} SQLs a month."
    if sla.handoffs_worked_share is not None:
        share = percent(sla.handoffs_worked_share)
        words["handoffs_worked_share"] = f"Sales promises to work {share} of the hand-offs."
    return words


def _hours_in_words(hours: WorkingHours) -> str:
    days = ", ".join(hours.days)
    free = f", except on {', '.join(map(str, hours.holidays))}" if hours.holidays else ""
    return (
        f"Working hours are {hours.opens:%H:%M} to {hours.closes:%H:%M} ({hours.timezone}) on {days}{free}."
    )
