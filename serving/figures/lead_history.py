"""What happened to a lead, on one time line: what it did, what we did, what was said of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from data_checks.agreement import Agreement
from data_checks.stages import STAGE_MEANINGS
from serving.figures.file import Figures
from serving.handoffs import Handoff
from serving.ledger.ledger import LedgerRow
from serving.pages.writing import moment, percent

Kind = Literal["stage", "did", "we", "handoff", "said", "score", "deal"]


@dataclass(frozen=True)
class Event:
    """Something that happened; ``detail`` says more where there is more to say."""

    at: datetime
    kind: Kind
    what: str
    detail: str = ""


@dataclass(frozen=True)
class LedgerStory:
    """What the ledger knows of one lead: its scores, hand-offs and what was said, the newest first."""

    scores: Sequence[LedgerRow] = ()
    handoffs: Sequence[Handoff] = ()
    feedback: Sequence[LedgerRow] = ()


def crm_events(figures: Figures, lead_id: str) -> tuple[Event, ...]:
    """Return what the CRM recorded of a lead, the newest first."""
    found = (_stages, _activities, _handed, _deals)
    return in_order(event for events in found for event in events(figures, lead_id))


def ledger_events(story: LedgerStory, agreement: Agreement) -> tuple[Event, ...]:
    """Return what Baton recorded of a lead, the newest first."""
    return in_order(_told(story, agreement))


def in_order(events: Iterable[Event]) -> tuple[Event, ...]:
    """Return events, the newest first."""
    return tuple(sorted(events, key=lambda one: one.at, reverse=True))


def _stages(figures: Figures, lead_id: str) -> Iterator[Event]:
    created = figures.rows("select created_at from leads where lead_id = $lead_id", {"lead_id": lead_id})
    yield from (Event(row["created_at"], "stage", "Came to us") for row in created if row["created_at"])
    rows = figures.rows("select * from stage_changes where lead_id = $lead_id", {"lead_id": lead_id})
    for row in rows:
        meaning = STAGE_MEANINGS[row["stage"]] if row["stage"] else "in no agreed stage"
        yield Event(row["changed_at"], "stage", f"{row['value']}: {meaning}", row["reason"] or "")


def _activities(figures: Figures, lead_id: str) -> Iterator[Event]:
    rows = figures.rows(
        """
        select a.*, c.name as campaign from activities a left join campaigns c using (campaign_id)
        where a.lead_id = $lead_id
        """,
        {"lead_id": lead_id},
    )
    for row in rows:
        kind: Kind = "we" if row["direction"] == "outbound" else "did"
        parts = (row["asset"], row["product"], row["campaign"] or row["campaign_id"])
        yield Event(row["occurred_at"], kind, row["activity_type"], _joined(parts))


def _handed(figures: Figures, lead_id: str) -> Iterator[Event]:
    rows = figures.rows("select * from handoffs where lead_id = $lead_id", {"lead_id": lead_id})
    for row in rows:
        graded = None if row["grade"] is None else f"grade {row['grade']} by the model of today"
        due = None if row["due_at"] is None else f"first contact due {moment(row['due_at'])}"
        yield Event(row["handed_at"], "handoff", "Handed to sales in the CRM", _joined((graded, due)))


def _deals(figures: Figures, lead_id: str) -> Iterator[Event]:
    rows = figures.rows("select * from opportunities where lead_id = $lead_id", {"lead_id": lead_id})
    for row in rows:
        amount = "" if row["amount"] is None else f"{row['amount']:,.0f}"
        if row["created_at"] is not None:
            yield Event(row["created_at"], "deal", "Deal opened", amount)
        if row["closed_at"] is not None and row["is_won"] is not None:
            yield Event(row["closed_at"], "deal", "Deal won" if row["is_won"] else "Deal lost", amount)


def _told(story: LedgerStory, agreement: Agreement) -> Iterator[Event]:
    for one in story.handoffs:
        due = None if one.due_at is None else f"first contact due {moment(one.due_at)}"
        graded = f"grade {one.grade}, {percent(one.probability)}"
        yield Event(one.opened_at, "handoff", "Handed to sales by Baton", _joined((graded, due)))
    for row in story.feedback:
        yield _said(row, agreement)
    for row in story.scores:
        yield _scored(row)


def _said(row: Any, agreement: Agreement) -> Event:  # noqa: ANN401 - a row of the ledger
    until = None if row["until"] is None else f"until {moment(row['until'])}"
    parts = (reason_words(row["reason"], agreement), until, row["comment"])
    who = f"{row['verdict'].capitalize()} by {row['given_by']}"
    return Event(row["recorded_at"], "said", who, _joined(parts))


def _scored(row: Any) -> Event:  # noqa: ANN401 - a row of the ledger
    if row["probability"] is None:
        return Event(row["scored_at"], "score", "Refused a score", f"by agreement {row['agreement_version']}")
    told = f"grade {row['grade']}, model {row['model_version']}"
    return Event(row["scored_at"], "score", f"Scored {percent(row['probability'])}", told)


def reason_words(code: str | None, agreement: Agreement) -> str | None:
    """Return an agreed reason in the words of the agreement; a reason of the CRM's as it is."""
    return None if code is None else agreement.sla.rejection_reasons.get(code, code)


def _joined(parts: Iterable[str | None]) -> str:
    return "; ".join(part for part in parts if part)
