"""One lead as the endpoint receives it: plain values, no frames."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple


class Activity(NamedTuple):
    """One activity; times in microseconds since 1970 UTC. Without ``recorded_at`` it was known at once.

    ``occurred_at`` is ``NEVER`` when what the CRM sent is no moment: such an activity is not used.
    ``activity_id`` is for the checks.
    """

    activity_type: str
    occurred_at: int
    recorded_at: int | None = None
    asset: str | None = None
    product: str | None = None
    campaign_id: str | None = None
    direction: str | None = None
    activity_id: str | None = None


class StageChange(NamedTuple):
    """The moment at which the CRM moved a lead to ``stage``, one of the CRM's own values.

    ``changed_at`` is ``NEVER`` when what the CRM sent is no moment: such a change is not used. The
    reason and who changed it are for the checks.
    """

    changed_at: int
    stage: str
    reason: str | None = None
    changed_by: str | None = None


@dataclass(frozen=True, slots=True)
class LeadInput:
    """A lead and the moment it is looked at.

    ``fields`` holds the columns of the table ``leads`` as the tables hold them (text or missing),
    ``created_at`` included, each as it was at ``as_of``.
    """

    lead_id: str
    as_of: int
    fields: Mapping[str, str | None]
    activities: tuple[Activity, ...] = ()
    stage_changes: tuple[StageChange, ...] = ()
