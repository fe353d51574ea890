"""The requests of the rivals, typed as pydantic models."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel


class Activity(BaseModel):
    """One activity."""

    activity_type: str
    occurred_at: str
    recorded_at: str | None = None
    asset: str | None = None
    product: str | None = None
    campaign_id: str | None = None
    direction: str | None = None
    activity_id: str | None = None


class StageChange(BaseModel):
    """One move to another stage."""

    changed_at: str
    stage: str


class Lead(BaseModel):
    """One lead."""

    lead_id: str
    as_of: str | None = None
    fields: dict[str, Any]
    activities: list[Activity] = []
    stage_changes: list[StageChange] = []


class Request(BaseModel):
    """Several leads."""

    leads: list[Lead]
