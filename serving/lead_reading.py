"""A lead as the CRM sent it, read into what the model takes, or the reasons why it cannot be."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from data_checks.house_clauses import CLOCK_SKEW, EARLIEST, LATEST
from data_checks.instant import Issue
from data_checks.reading import as_text, parse_time
from features.lead_input import Activity, LeadInput, StageChange
from serving.fault_path import fault_path
from serving.messages import ActivityMessage, LeadMessage, StageChangeMessage

_MOST_ISSUES: Final = 20


class UnreadableLeadError(Exception):
    """A lead that cannot be read; its neighbours can. ``as_of`` is None when that is the reason."""

    def __init__(self, issues: tuple[Issue, ...], as_of: int | None) -> None:
        super().__init__("unreadable lead")
        self.issues, self.as_of = issues, as_of


def read_lead(message: LeadMessage, now: int) -> tuple[LeadInput, tuple[Issue, ...]]:
    """Return the lead and what is to be said of it; moments are microseconds since 1970 UTC.

    ``now`` stands for an absent ``as_of``.

    Raises:
        UnreadableLeadError: a moment is none, a type or stage is empty, or the id is contradicted.
    """
    faults: list[Issue] = []
    as_of = now if message.as_of is None else _moment(message.as_of, (), "as_of", faults)
    activities = tuple(_activities(message.activities, faults))
    stage_changes = tuple(_stage_changes(message.stage_changes, faults))
    fields = {name: as_text(value) for name, value in message.fields.items()}
    if fields.setdefault("lead_id", message.lead_id) != message.lead_id:
        faults.append(_reject("lead_id", "same", "fields.lead_id is the lead's own id; correct one of them"))
    if faults or as_of is None:
        raise UnreadableLeadError(tuple(faults[:_MOST_ISSUES]), as_of)
    return LeadInput(message.lead_id, as_of, fields, activities, stage_changes), _remarks(as_of, now)


def _activities(rows: tuple[ActivityMessage, ...], faults: list[Issue]) -> Iterator[Activity]:
    for position, row in enumerate(rows):
        place = ("activities", position)
        occurred = _moment(row.occurred_at, place, "occurred_at", faults)
        _filled_in(row.activity_type, place, "activity_type", faults)
        recorded = row.recorded_at
        known = None if recorded is None else _moment(recorded, place, "recorded_at", faults)
        if occurred is not None:
            yield Activity(
                row.activity_type, occurred, known, row.asset, row.product, row.campaign_id, row.direction
            )


def _stage_changes(rows: tuple[StageChangeMessage, ...], faults: list[Issue]) -> Iterator[StageChange]:
    for position, row in enumerate(rows):
        place = ("stage_changes", position)
        _filled_in(row.stage, place, "stage", faults)
        changed = _moment(row.changed_at, place, "changed_at", faults)
        if changed is not None:
            yield StageChange(changed, row.stage)


def _filled_in(text: str, place: tuple[str | int, ...], name: str, faults: list[Issue]) -> None:
    if not text or text.isspace():
        field = fault_path((*place, name))
        faults.append(_reject(field, "required", f"{field} is filled in; found nothing. Next: fill it in."))


def _moment(text: str, place: tuple[str | int, ...], name: str, faults: list[Issue]) -> int | None:
    moment = parse_time(text)
    earliest, latest = _possible()
    if moment is not None and earliest <= moment <= latest:
        return moment
    field = fault_path((*place, name))
    if moment is None:
        rule, next_step = "is a moment in ISO 8601", "write it like 2026-11-03T14:30:00Z"
    else:
        rule, next_step = "lies between 1990 and 2100", "correct it at its source"
    message = f"{field} {rule}; found {text!r}. Next: {next_step}."
    faults.append(_reject(field, "time" if moment is None else "possible", message))
    return None


@lru_cache(maxsize=1)
def _possible() -> tuple[int, int]:
    return parse_time(EARLIEST) or 0, parse_time(LATEST) or 0


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
