"""A lead as the CRM sent it, read into what the model takes, or the reasons why it cannot be."""

from __future__ import annotations

from data_checks.house_clauses import CLOCK_SKEW, possible_moments
from data_checks.house_laws import POSSIBLE
from data_checks.instant import Issue
from data_checks.reading import as_text, parse_time
from features.lead_input import Activity, LeadInput, StageChange
from features.moments import NEVER
from models.row_sieve import MOST_ISSUES
from serving.fault_path import fault_path
from serving.messages import ActivityMessage, LeadMessage, StageChangeMessage


class UnreadableLeadError(Exception):
    """A lead that cannot be read; its neighbours can. ``as_of`` is None when that is the reason."""

    def __init__(self, issues: tuple[Issue, ...], as_of: int | None) -> None:
        super().__init__("unreadable lead")
        self.issues, self.as_of = issues, as_of


def read_lead(message: LeadMessage, now: int) -> tuple[LeadInput, tuple[Issue, ...]]:
    """Return the lead and what is to be said of it; moments are microseconds since 1970 UTC.

    ``now`` stands for an absent ``as_of``. An activity or stage change whose moment is none stays in
    its place, dated ``NEVER``: the scorer leaves it out, as the sources leave such a row out of a batch.

    Raises:
        UnreadableLeadError: ``as_of`` is no moment, or the id is contradicted.
    """
    faults: list[Issue] = []
    as_of = now if message.as_of is None else _as_of(message.as_of, faults)
    fields = {name: as_text(value) for name, value in message.fields.items()}
    if fields.setdefault("lead_id", message.lead_id) != message.lead_id:
        faults.append(_reject("lead_id", "same", "fields.lead_id is the lead's own id; correct one of them"))
    if faults or as_of is None:
        raise UnreadableLeadError(tuple(faults), as_of)
    unread: list[Issue] = []
    activities = tuple(_activity(row, place, unread) for place, row in enumerate(message.activities))
    changes = tuple(_stage_change(row, place, unread) for place, row in enumerate(message.stage_changes))
    lead = LeadInput(message.lead_id, as_of, fields, activities, changes)
    return lead, (*_remarks(as_of, now), *unread[:MOST_ISSUES])


def _activity(row: ActivityMessage, place: int, unread: list[Issue]) -> Activity:
    occurred = parse_time(row.occurred_at)
    if occurred is None:
        unread.append(_unread(("activities", place, "occurred_at"), row.occurred_at, "activity"))
    recorded = _recorded(row, occurred)
    if recorded is None and row.recorded_at is not None:
        unread.append(_unread(("activities", place, "recorded_at"), row.recorded_at, "recorded_at"))
    return Activity(
        row.activity_type,
        NEVER if occurred is None else occurred,
        recorded,
        row.asset,
        row.product,
        row.campaign_id,
        row.direction,
        row.activity_id,
    )


def _recorded(row: ActivityMessage, occurred: int | None) -> int | None:
    if row.recorded_at is None:
        return None
    # Most CRMs write an activity down as it happens, and send the same text twice.
    return occurred if row.recorded_at == row.occurred_at else parse_time(row.recorded_at)


def _stage_change(row: StageChangeMessage, place: int, unread: list[Issue]) -> StageChange:
    changed = parse_time(row.changed_at)
    if changed is None:
        unread.append(_unread(("stage_changes", place, "changed_at"), row.changed_at, "stage change"))
    return StageChange(NEVER if changed is None else changed, row.stage, row.reason, row.changed_by)


def _unread(steps: tuple[str | int, ...], text: str, what: str) -> Issue:
    message = f"this {what} was not used: {_no_moment(str(steps[-1]), text)}"
    return Issue(fault_path(steps), "time", message, "flag")


def _as_of(text: str, faults: list[Issue]) -> int | None:
    moment = parse_time(text)
    earliest, latest = possible_moments()
    if moment is not None and earliest <= moment <= latest:
        return moment
    if moment is None:
        faults.append(_reject("as_of", "time", _no_moment("as_of", text)))
    else:
        law, _ = POSSIBLE.words("as_of")
        faults.append(_reject("as_of", POSSIBLE.rule, f"{law}; found {text!r}. Next: correct it."))
    return None


def _no_moment(field: str, text: str) -> str:
    return f"{field} is a moment in ISO 8601; found {text!r}. Next: write it like 2026-11-03T14:30:00Z."


def _remarks(as_of: int, now: int) -> tuple[Issue, ...]:
    if as_of <= now + CLOCK_SKEW:
        return ()
    message = (
        "as_of is not later than now; this one is, so the score takes for granted that nothing more happens. "
        "Next: leave as_of out to score as of now."
    )
    return (Issue("as_of", "not_later", message, "flag"),)


def _reject(field: str, rule: str, message: str) -> Issue:
    return Issue(field, rule, message, "reject")
