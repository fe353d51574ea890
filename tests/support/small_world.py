"""A small company's CRM as the list of what happened, in the order in which it became known.

Any moment's history is a prefix of that list, so "the world went on" is one slice further, and a law
about the future cannot depend on how a test writes its tables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, timezone

import pandas as pd

from data_checks.tables import CrmHistory
from features.lead_input import Activity, LeadInput, StageChange
from small_tables import table

CUSTOM_COLUMNS = ("trial_started", "Umsatz-Klasse", "notes", "fit_letter", "spy_note")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Created:
    """A lead came in with its first fields."""

    at: int
    lead_id: str
    fields: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Happened:
    """An activity; it became known when it was recorded, or at once."""

    lead_id: str
    occurred: int
    recorded: int | None = None
    texts: Mapping[str, str | None] = field(default_factory=dict)

    @property
    def at(self) -> int:
        """The moment from which it is known."""
        return self.occurred if self.recorded is None else max(self.occurred, self.recorded)


@dataclass(frozen=True)
class Moved:
    """The CRM moved a lead to another stage."""

    at: int
    lead_id: str
    stage: str | None


@dataclass(frozen=True)
class Edited:
    """Somebody wrote another value into a field of a lead."""

    at: int
    lead_id: str
    field: str
    value: str | None


Event = Created | Happened | Moved | Edited


@dataclass(frozen=True)
class World:
    """All that ever happened. Events of one moment became known in the order of the list."""

    events: tuple[Event, ...]
    campaigns: tuple[Mapping[str, object], ...] = ()

    def until(self, moment: int) -> World:
        """Return what was known at a moment."""
        return replace(self, events=tuple(event for event in self.known if event.at <= moment))

    def without(self, event: Event) -> World:
        """Return the world in which one event never happened."""
        position = self.events.index(event)
        return replace(self, events=self.events[:position] + self.events[position + 1 :])

    def rewritten(self, rewrite: Callable[[Event], Event]) -> World:
        """Return the world with each event written another way."""
        return replace(self, events=tuple(map(rewrite, self.events)))

    @property
    def known(self) -> list[Event]:
        """The events in the order in which they became known."""
        return sorted(self.events, key=lambda event: event.at)

    @property
    def created(self) -> Mapping[str, int]:
        """When each lead was created."""
        return {event.lead_id: event.at for event in self.events if isinstance(event, Created)}

    @property
    def lead_ids(self) -> list[str]:
        """The leads, in the order of their ids."""
        return sorted(self.created)

    @property
    def activities(self) -> list[Happened]:
        """The activities, in the order in which they became known."""
        return [event for event in self.known if isinstance(event, Happened)]

    def history(self, absent: Iterable[str] = ()) -> CrmHistory:
        """Return the tables that the CRM would export."""
        leads, edits = _leads_and_edits(self.known)
        return CrmHistory(
            leads=table("leads", leads.values(), CUSTOM_COLUMNS),
            activities=table("activities", map(_activity_row, self.activities)),
            stage_changes=table(
                "stage_changes",
                (
                    {"lead_id": event.lead_id, "changed_at": event.at, "stage": event.stage}
                    for event in self.known
                    if isinstance(event, Moved)
                ),
            ),
            field_changes=table("field_changes", edits),
            campaigns=table("campaigns", self.campaigns),
            absent=frozenset(absent),
        )

    def lead_input(self, lead_id: str, as_of: int, zone_hours: float = 0, later: int = 0) -> LeadInput:
        """Return one lead as a CRM would send it, its creation told in any time zone.

        Its fields are as they were; ``later`` lets activities and stages be sent that were not known yet,
        as a replay after an outage does.
        """
        row = dict(_leads_and_edits(self.until(as_of).known)[0][lead_id])
        past = self.until(as_of + later)
        row["created_at"] = _told(int(str(row["created_at"])), zone_hours)
        return LeadInput(
            lead_id,
            as_of,
            {name: None if value is None else str(value) for name, value in row.items()},
            tuple(_activity(event) for event in past.activities if event.lead_id == lead_id),
            tuple(
                StageChange(event.at, event.stage)
                for event in past.known
                if isinstance(event, Moved) and event.lead_id == lead_id and event.stage is not None
            ),
        )


def shuffled_history(history: CrmHistory, seed: int) -> CrmHistory:
    """Return the history with the rows of every table in another order."""
    tables: dict[str, pd.DataFrame] = {
        name: frame.sample(frac=1, random_state=seed, ignore_index=True) for name, frame in history
    }
    return CrmHistory(**tables, absent=history.absent)


def _leads_and_edits(known: list[Event]) -> tuple[dict[str, dict[str, object]], list[dict[str, object]]]:
    leads: dict[str, dict[str, object]] = {}
    edits: list[dict[str, object]] = []
    for event in known:
        if isinstance(event, Created):
            leads[event.lead_id] = {"lead_id": event.lead_id, "created_at": event.at, **event.fields}
        elif isinstance(event, Edited) and event.lead_id in leads:
            edits.append(
                {
                    "lead_id": event.lead_id,
                    "changed_at": event.at,
                    "field": event.field,
                    "old_value": leads[event.lead_id].get(event.field),
                    "new_value": event.value,
                }
            )
            leads[event.lead_id][event.field] = event.value
        elif isinstance(event, Moved) and event.lead_id in leads:
            # The stage of a lead is overwritten without a trace among the field changes, as CRMs do it.
            leads[event.lead_id]["stage"] = event.stage
    return leads, edits


def _activity_row(event: Happened) -> dict[str, object]:
    return {
        "lead_id": event.lead_id,
        "occurred_at": event.occurred,
        "recorded_at": event.recorded,
        **event.texts,
    }


def _activity(event: Happened) -> Activity:
    return Activity(
        event.texts.get("activity_type") or "",
        event.occurred,
        event.recorded,
        *(event.texts.get(name) for name in ("asset", "product", "campaign_id", "direction")),
    )


def _told(moment: int, zone_hours: float) -> str:
    told = (_EPOCH + timedelta(microseconds=moment)).astimezone(timezone(timedelta(hours=zone_hours)))
    return told.isoformat()
