"""What holds for every feature of the catalogue, the next one that somebody declares included."""

from unittest.mock import patch

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from any_world import AS_OF, worlds
from features.catalogue import kinds
from features.feature_set import FeatureSet
from features.from_history import records_from_history
from features.from_inputs import records_from_inputs
from features.moments import DAY
from features.records import blocks
from models.known_outcomes import reference_of
from seen import differences, looks_at, matrix_of, snapshots_of
from small_world import shuffled_history
from whole_catalogue import AGREEMENT

NEVER = "Unsubscribed"
ANY_WORLD = AS_OF.flatmap(lambda as_of: st.tuples(worlds(as_of), st.just(as_of)))


def test_every_kind_of_feature_is_under_these_laws(feature_set: FeatureSet) -> None:
    """Each kind of feature that the catalogue knows is declared by the company of these tests."""
    assert {feature.kind.key for feature in feature_set.features} == {kind.key for kind in kinds()}


def test_only_numbers_have_a_direction(feature_set: FeatureSet) -> None:
    """Codes of a category have no order that trees could keep to, and some number has one."""
    declared = [feature for feature in feature_set.features if feature.name in feature_set.monotone]
    assert declared
    assert not [feature.name for feature in declared if feature.categorical]


@given(ANY_WORLD)
def test_few_and_many_leads_are_counted_alike(feature_set: FeatureSet, drawn) -> None:
    """Counting everything at once, as for a lead alone, and lane by lane, as for many, give the same bits."""
    world, as_of = drawn
    looks = looks_at(world, as_of - 7 * DAY, as_of, as_of + DAY)
    few = matrix_of(feature_set, world.history(), looks)
    with patch("features.view.FEW_PAIRS", -1):
        many = matrix_of(feature_set, world.history(), looks)
    assert not differences(feature_set.names, few, many)


@given(ANY_WORLD)
def test_the_future_changes_nothing(feature_set: FeatureSet, drawn) -> None:
    """What becomes known after a moment never changes what a feature was at that moment, to the last bit."""
    world, as_of = drawn
    looks = looks_at(world.until(as_of), as_of)
    assume(looks)
    then = matrix_of(feature_set, world.until(as_of).history(), looks)
    today = matrix_of(feature_set, world.history(), looks, now=as_of + 2000 * DAY)
    assert not differences(feature_set.names, then, today)


@given(ANY_WORLD, st.integers(0, 2**31))
def test_the_order_of_rows_changes_nothing(feature_set: FeatureSet, drawn, seed: int) -> None:
    """A table whose rows arrive in another order gives the same features, to the last bit."""
    world, as_of = drawn
    looks = looks_at(world, as_of - DAY, as_of)
    once = matrix_of(feature_set, world.history(), looks)
    again = matrix_of(feature_set, shuffled_history(world.history(), seed), looks)
    assert not differences(feature_set.names, once, again)


@given(ANY_WORLD, st.sampled_from([0, 5.5, -9.5]), st.sampled_from([0, 90 * DAY]))
def test_a_lead_alone_is_as_in_the_batch(
    feature_set: FeatureSet, drawn, zone_hours: float, later: int
) -> None:
    """A lead sent alone, or sent again later, has the very values that the batch gives it."""
    world, as_of = drawn
    looks = looks_at(world.until(as_of), as_of)
    assume(looks)
    batch = matrix_of(feature_set, world.history(), looks)
    history = world.history()
    reference = reference_of(
        records_from_history(history), history.campaigns, AGREEMENT, feature_set.profile, as_of
    )
    sent = [world.lead_input(lead_id, moment, zone_hours, later) for lead_id, moment in looks]
    alone = [feature_set.matrix(*records_from_inputs([lead]), reference) for lead in sent]
    assert not differences(feature_set.names, batch, np.concatenate(alone))


@given(ANY_WORLD, st.integers(1, 4), st.randoms(use_true_random=False))
def test_the_partition_changes_nothing(feature_set: FeatureSet, drawn, leads: int, random) -> None:
    """However leads are cut into blocks and in whatever order they are asked for, values are the same."""
    world, as_of = drawn
    looks = looks_at(world, as_of - 7 * DAY, as_of, as_of + DAY)
    history = world.history()
    records = records_from_history(history)
    reference = reference_of(records, history.campaigns, AGREEMENT, feature_set.profile, as_of)
    in_order = snapshots_of(records, sorted(looks))
    parts = [feature_set.matrix(*part, reference) for part in blocks(records, in_order, leads)]
    mixed = random.sample(looks, len(looks))
    whole = feature_set.matrix(records, snapshots_of(records, mixed), reference)
    back = [mixed.index(look) for look in sorted(looks)]
    assert not differences(feature_set.names, np.concatenate(parts), whole[back])


@given(ANY_WORLD, st.data())
def test_each_past_record_counts_exactly_once(feature_set: FeatureSet, drawn, data: st.DataObject) -> None:
    """Without one known activity each count is the same or one lower, and the count of all is one lower."""
    world, as_of = drawn
    past = world.until(as_of)
    usable = [a for a in past.activities if a.lead_id in past.lead_ids and a.texts["activity_type"] != NEVER]
    assume(usable)
    gone = data.draw(st.sampled_from(usable))
    looks = looks_at(past, as_of)
    less = matrix_of(feature_set, past.history(), looks) - matrix_of(
        feature_set, past.without(gone).history(), looks
    )
    counts = np.array(["_count" in name for name in feature_set.names])
    whose = np.array([lead_id == gone.lead_id for lead_id, _ in looks])
    changed = less[:, counts]
    assert np.isin(changed[~np.isnan(changed)], [0.0, 1.0]).all()
    assert not np.nan_to_num(changed[~whose]).any()
    assert less[whose, feature_set.names.index("any_activity_count")].tolist() == [1.0]
