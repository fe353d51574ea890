"""What a CRM sends. The names are those of the tables.

Every object refuses keys that it does not know. ``fields`` must be there even when it is empty: its
absence is kept for naming a lead whose history Baton already holds.
"""

from __future__ import annotations

from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field

from serving.field_value import FieldValue
from serving.lead_fields import AsLeadFields

# Ids go into the ledger and into URLs: a control character has no place there, and PostgreSQL refuses NUL.
Id = Annotated[str, Field(min_length=1, max_length=255, pattern=r"^[^\x00-\x1f\x7f]+$")]
Name = Annotated[str, Field(max_length=500)]
Text = Annotated[str | None, Field(max_length=10_000)]
Moment = Annotated[str, Field(max_length=64)]

EXAMPLE: Final[dict[str, Any]] = {
    "leads": [
        {
            "lead_id": "L-1001",
            "as_of": None,
            "fields": {
                "created_at": "2026-09-01T08:30:00Z",
                "company": "Nordwind Logistics",
                "industry": "Logistics",
                "number_of_employees": 240,
                "country": "DE",
            },
            "activities": [
                {
                    "activity_type": "Web Form",
                    "occurred_at": "2026-09-01T08:30:00Z",
                    "asset": "Pricing guide",
                }
            ],
            "stage_changes": [{"changed_at": "2026-09-01T08:30:00Z", "stage": "New"}],
        }
    ]
}


class Message(BaseModel):
    """What all messages have in common: they refuse what they do not know."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class ActivityMessage(Message):
    """One activity of the lead it is listed under: a row of the table `activities` without its `lead_id`."""

    activity_type: Annotated[Name, Field(description="The CRM's own word, e.g. `Email Opened`.")]
    occurred_at: Annotated[Moment, Field(description="ISO 8601; without an offset it is UTC.")]
    activity_id: Annotated[Id | None, Field(description="The CRM's id of this activity.")] = None
    recorded_at: Annotated[
        Moment | None, Field(description="When the CRM learned of it. Absent: at once.")
    ] = None
    asset: Annotated[Text, Field(description="The page, form, mail or event.")] = None
    product: Annotated[Text, Field(description="The product it was about.")] = None
    campaign_id: Annotated[Text, Field(description="The campaign it belongs to.")] = None
    direction: Annotated[Text, Field(description="`inbound` or `outbound`.")] = None


class StageChangeMessage(Message):
    """One move of the lead to another stage: a row of the table `stage_changes` without its `lead_id`."""

    changed_at: Annotated[Moment, Field(description="ISO 8601; without an offset it is UTC.")]
    stage: Annotated[Name, Field(description="The CRM's own word for the stage.")]
    reason: Annotated[Text, Field(description="Why it was moved.")] = None
    changed_by: Annotated[Text, Field(description="Who moved it.")] = None


class LeadMessage(Message):
    """One lead: what the CRM knows of it at the moment `as_of`."""

    lead_id: Annotated[Id, Field(description="The CRM's id of the lead.")]
    as_of: Annotated[
        Moment | None,
        Field(description="The moment at which the lead is looked at, ISO 8601. Null or absent: now."),
    ] = None
    fields: Annotated[dict[str, FieldValue], AsLeadFields]
    activities: Annotated[
        tuple[ActivityMessage, ...], Field(description="Everything the lead did, in any order.")
    ] = ()
    stage_changes: Annotated[
        tuple[StageChangeMessage, ...], Field(description="Every stage it was in, in any order.")
    ] = ()


class ScoreRequest(Message):
    """The leads to score, in the order in which they are answered."""

    model_config = ConfigDict(json_schema_extra={"example": EXAMPLE})

    # How many there may be is the operator's to say, and is told as a problem of its own.
    leads: Annotated[tuple[LeadMessage, ...], Field(json_schema_extra={"minItems": 1})]
    reasons: Annotated[
        bool,
        Field(
            description="Whether each score comes with its reasons, families and changes. False is quicker."
        ),
    ] = True
