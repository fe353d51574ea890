"""What a lead's features came from: every value with its records, and when each became known."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from data_checks.errors import BatonError
from features.feature import Feature
from features.feature_set import FeatureSet
from features.moments import DAY, NEVER, to_time
from features.question import Question
from features.records import Events, Records, Snapshots
from features.reference import Reference
from features.timeline import Timeline
from features.view import ANSWER, View
from features.windowed import Days

Rows = NDArray[np.intp]


@dataclass(frozen=True)
class Source:
    """A record that a value came from; moments are microseconds since 1970 UTC, ``NEVER`` if not known.

    ``row`` is its position among the lead's records of the table, -1 for what is no record of the
    lead's own; ``says`` holds the record's columns and texts.
    """

    table: str
    occurred: int
    known: int
    says: tuple[tuple[str, str], ...]
    row: int = -1


@dataclass(frozen=True)
class Traced:
    """A feature of one lead at one moment: its value, and the records that the value came from."""

    feature: Feature
    value: float
    sources: tuple[Source, ...]


def trace(features: FeatureSet, records: Records, as_of: int, reference: Reference) -> tuple[Traced, ...]:
    """Return each feature of one lead with its sources, oldest first.

    The sources are what the feature asked of the past: all records that were counted, the latest
    where only the latest matters, the change that made a field what it was. Without any other record
    the value would be the same.

    Raises:
        BatonError: The records are not those of one lead.
    """
    if len(records) != 1:
        raise BatonError("one lead is traced at a time", f"{len(records)} leads", "give the id of one lead")
    look = Snapshots(np.zeros(1, np.int64), np.array([as_of], np.int64))
    return tuple(_traced(one, View(records, look, features.profile, reference)) for one in features.features)


def _traced(feature: Feature, view: View) -> Traced:
    values = feature.kind.compute(view, **feature.case)
    value = float(values[0] if values.ndim == 1 else values[0, feature.position])
    if feature.categorical and value < 0:
        value = np.nan
    found = {source: None for asked in view.asked for source in _sources(view, asked, feature.label)}
    return Traced(feature, value, tuple(sorted(found, key=lambda one: (one.known, one.occurred, one.table))))


def _sources(view: View, asked: Question, label: str | None) -> Iterator[Source]:
    name, given = asked
    yield from ANSWERED_FROM[name](view, label, *given)


def _field(view: View, _: str | None, name: str) -> Iterator[Source]:
    changes = view.records.field_changes.get(name)
    if changes is None or not len(changes):
        yield _current(view, name)
        return
    as_of = int(view.snapshots.as_of[0])
    past = np.flatnonzero(changes.occurred <= as_of)
    # Before its first change a field was what that change tells as its old value.
    row = past[np.argmax(changes.occurred[past])] if len(past) else np.argmin(changes.occurred)
    yield _event("field_changes", changes, int(row), (("field", name),))


def _current(view: View, name: str) -> Source:
    column = view.records.fields.get(name)
    code = -1 if column is None else int(column.codes[0])
    text = "" if column is None or code < 0 else column.labels[code]
    created = int(view.records.created[0])
    return Source("leads", created, created, ((name, text),), 0)


def _created(view: View, _: str | None) -> Iterator[Source]:
    created = int(view.records.created[0])
    told = () if created == NEVER else (("created_at", to_time(created).isoformat()),)
    yield Source("leads", created, created, told, 0)


def _counted(view: View, label: str | None, what: str, window: Days) -> Iterator[Source]:
    codes = _codes(view, what, label)
    inside = np.ones(len(codes), bool)
    if window is not None:
        inside = view.activities.occurred > view.snapshots.as_of[0] - round(window * DAY)
    yield from _activities(view, np.flatnonzero((codes >= 0) & inside))
    if what == ANSWER:
        # An answer is one because of the calls before it.
        yield from _activities(view, np.flatnonzero(_outbound(view)))


def _latest(view: View, label: str | None, what: str) -> Iterator[Source]:
    codes = np.where(_is_known(view, view.activities), _codes(view, what, label), -1)
    for code in np.unique(codes[codes >= 0]):
        rows = np.flatnonzero(codes == code)
        yield from _activities(view, rows[[np.argmax(view.activities.occurred[rows])]])


def _codes(view: View, what: str, label: str | None) -> Rows:
    codes = view.activity_codes(what).astype(np.intp)
    if label is None:
        return codes
    return np.where(codes == view.profile.activity_labels(what).index(label), codes, -1)


def _outbound(view: View) -> NDArray[np.bool_]:
    texts = view.records.activities.texts["direction"]
    return np.asarray(view.activities.coded(texts.recoded({"outbound": 1}, 0)) == 1)


def _activities(view: View, rows: Rows) -> Iterator[Source]:
    known = rows[_is_known(view, view.activities)[rows]]
    for row in view.activities.in_records[known].tolist():
        yield _event("activities", view.records.activities, row)


def _stage_changes(view: View, _: str | None) -> Iterator[Source]:
    for row in view.stages.in_records[_is_known(view, view.stages)].tolist():
        yield _event("stage_changes", view.records.stage_changes, row)


def _newest_stage_change(view: View, _: str | None) -> Iterator[Source]:
    known = np.flatnonzero(_is_known(view, view.stages))
    newest = known[view.stages.occurred[known] == view.stages.occurred[known].max(initial=-NEVER)]
    for row in view.stages.in_records[newest].tolist():
        yield _event("stage_changes", view.records.stage_changes, row)


def _known_rate(view: View, _: str | None, column: str, latest: int) -> Iterator[Source]:
    code = view.field_codes(column) if column else np.zeros(1, np.int32)
    outcomes = view.reference.outcomes[column]
    first, last = (int(rows[0]) for rows in outcomes.newest(code, view.snapshots.as_of, latest))
    if last > first:
        dated, reached = outcomes.known[first:last], outcomes.reached[last] - outcomes.reached[first]
        like = (("among leads of the same", column),) if column else ()
        says = (
            *like,
            ("outcomes", str(last - first)),
            ("conversions", str(reached)),
            ("known from", f"{to_time(int(dated[0])):%Y-%m-%d}"),
            ("to", f"{to_time(int(dated[-1])):%Y-%m-%d}"),
        )
        yield Source("known outcomes", NEVER, int(dated[-1]), says)


def _account(view: View, _: str | None) -> Iterator[Source]:
    account, created, as_of = view.field("account_id"), view.created(), view.snapshots.as_of
    others = view.reference.accounts.others(account, created, as_of)[0]
    reached = view.reference.accounts.conversions(account, created, as_of)[0]
    if others > 0:
        says = (("other leads", f"{others:.0f}"), ("qualified", f"{reached:.0f}"))
        yield Source("leads of the account", NEVER, int(as_of[0]), says)


def _is_known(view: View, timeline: Timeline) -> NDArray[np.bool_]:
    return np.asarray(timeline.known <= view.snapshots.as_of[0])


def _event(table: str, events: Events, row: int, says: tuple[tuple[str, str], ...] = ()) -> Source:
    texts = ((name, column.codes[row], column.labels) for name, column in events.texts.items())
    told = tuple((name, labels[code]) for name, code, labels in texts if code >= 0)
    occurred = int(events.occurred[row])
    return Source(table, occurred, max(occurred, int(events.recorded[row])), (*says, *told), row)


ANSWERED_FROM: Final[Mapping[str, Callable[..., Iterator[Source]]]] = {
    "field": _field,
    "created": _created,
    "activity_counts": _counted,
    "latest_activity": _latest,
    "stage_now": _newest_stage_change,
    "stage_counts": _stage_changes,
    "stage_ages": _stage_changes,
    "newest_stage_change": _newest_stage_change,
    "known_rate": _known_rate,
    "account_leads": _account,
    "account_conversions": _account,
}
"""For each question of `View`, how to find the records that answer it."""
