from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from any_world import AS_OF, worlds
from data_checks.errors import BatonError
from features.feature_set import FeatureSet
from features.from_history import records_from_history
from features.moments import DAY
from features.question import questions
from features.records import Events, Records, Snapshots
from features.reference import Reference
from features.trace import ANSWERED_FROM, Traced, trace
from features.view import View
from models.known_outcomes import reference_of
from seen import differences
from small_world import Created, Edited, Happened, World
from whole_catalogue import AGREEMENT

ANY_WORLD = AS_OF.flatmap(lambda as_of: st.tuples(worlds(as_of), st.just(as_of)))
LATE = Happened("a", 3 * DAY, 5 * DAY, {"activity_type": "Demo", "direction": "inbound"})


def of_first_lead(world: World, features: FeatureSet, as_of: int) -> tuple[Records, Reference]:
    history = world.history()
    records = records_from_history(history)
    reference = reference_of(records, history.campaigns, AGREEMENT, features.profile, as_of)
    return records.of_leads(0, 1), reference


def only(traced: Traced, records: Records) -> Records:
    """Return what is left of the records if only those are kept that the value came from."""

    def rows(table: str, events: Events, field: str = "") -> Events:
        found = {
            one.row
            for one in traced.sources
            if one.table == table and (not field or ("field", field) in one.says)
        }
        return events.of_rows(np.array(sorted(found), np.intp))

    return replace(
        records,
        activities=rows("activities", records.activities),
        stage_changes=rows("stage_changes", records.stage_changes),
        field_changes={name: rows("field_changes", e, name) for name, e in records.field_changes.items()},
    )


def test_every_question_can_be_traced() -> None:
    """Whatever a feature may ask of the past, the trace knows which records answer it."""
    assert questions(View) == ANSWERED_FROM.keys()


@given(ANY_WORLD)
def test_a_value_comes_from_the_records_it_is_traced_to(feature_set: FeatureSet, drawn) -> None:
    """With every record gone but those that a value is traced to, the value is the same to the last bit."""
    world, as_of = drawn
    unused = feature_set.profile.unused_activity_types
    records, reference = of_first_lead(world, feature_set, as_of)
    records = replace(records, activities=records.activities.without("activity_type", unused))
    look = Snapshots(np.zeros(1, np.int64), np.array([as_of]))
    alike: dict[frozenset[tuple[str, int]], list[Traced]] = {}
    for one in trace(feature_set, records, as_of, reference):
        alike.setdefault(frozenset((source.table, source.row) for source in one.sources), []).append(one)
    for group in alike.values():
        some = FeatureSet(tuple(one.feature for one in group), feature_set.profile)
        found = some.matrix(only(group[0], records), look, reference)[0]
        assert not differences(some.names, np.array([[one.value for one in group]]), found[np.newaxis])


@given(ANY_WORLD)
def test_a_trace_shows_the_very_values_that_are_scored(feature_set: FeatureSet, drawn) -> None:
    """The values of a trace are those of the matrix, to the last bit."""
    world, as_of = drawn
    records, reference = of_first_lead(world, feature_set, as_of)
    values = [one.value for one in trace(feature_set, records, as_of, reference)]
    look = Snapshots(np.zeros(1, np.int64), np.array([as_of]))
    np.testing.assert_array_equal(feature_set.matrix(records, look, reference), [values])


@given(ANY_WORLD)
def test_nothing_is_traced_to_an_activity_that_was_not_known(feature_set: FeatureSet, drawn) -> None:
    """Every activity and stage change that a value came from was known by the moment."""
    world, as_of = drawn
    assume(world.created[world.lead_ids[0]] <= as_of)
    for one in trace(feature_set, *_with_as_of(world, feature_set, as_of)):
        for source in one.sources:
            assert source.known <= as_of or source.table == "field_changes"


def test_a_late_record_says_when_it_became_known(feature_set: FeatureSet) -> None:
    """A record written down late is shown with when it happened and when it became known."""
    world = World((Created(0, "a"), LATE))
    found = {one.feature.name: one for one in trace(feature_set, *_with_as_of(world, feature_set, 6 * DAY))}
    source = next(one for one in found["demo_count"].sources if one.table == "activities")
    assert (source.occurred, source.known) == (3 * DAY, 5 * DAY)
    assert ("activity_type", "Demo") in source.says


@pytest.mark.parametrize(("as_of", "old", "new"), [(DAY, "Web", "Fair"), (9 * DAY, "Web", "Fair")])
def test_a_field_is_traced_to_the_change_that_made_it(
    feature_set: FeatureSet, as_of: int, old: str, new: str
) -> None:
    """Before its first change a field is what that change calls the old value, afterwards the new one."""
    edited = Edited(5 * DAY, "a", "lead_source", new)
    world = World((Created(0, "a", {"lead_source": old}), edited))
    found = {one.feature.name: one for one in trace(feature_set, *_with_as_of(world, feature_set, as_of))}
    assert found["lead_source"].feature.shown(found["lead_source"].value) == (old if as_of == DAY else new)
    (source,) = found["lead_source"].sources
    assert source.table == "field_changes"
    assert dict(source.says) == {"field": "lead_source", "old": old, "new": new}


def test_two_leads_are_not_traced_at_once(feature_set: FeatureSet) -> None:
    """A trace is of one lead; more are refused with their number."""
    records = records_from_history(World((Created(0, "a"), Created(0, "b"))).history())
    with pytest.raises(BatonError, match="found 2 leads"):
        trace(feature_set, records, DAY, Reference.of_nothing())


def _with_as_of(world: World, features: FeatureSet, as_of: int) -> tuple[Records, int, Reference]:
    records, reference = of_first_lead(world, features, as_of)
    return records, as_of, reference
