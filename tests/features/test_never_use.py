"""The fields and activity types that both teams agreed never to use."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from any_world import AS_OF, worlds
from features.catalogue import declared_features
from features.census import Census
from features.feature_set import FeatureSet
from features.from_history import records_from_history
from features.profile import Profile
from features.profiling import profile_of
from seen import differences, looks_at, matrix_of
from small_world import Created, Edited, Event, Happened, World
from whole_catalogue import AGREEMENT, SETTINGS, whole_world

FORBIDDEN = ("email", "owner_id", "spy_note")
ALL_COMMON = SETTINGS.model_copy(update={"label_at_least": 1})


def profile_of_world(world: World, agreement=AGREEMENT) -> Profile:
    history = world.history()
    return profile_of(
        Census.of(records_from_history(history), agreement), history.campaigns, agreement, ALL_COMMON
    )


def is_forbidden(event: Event) -> bool:
    return isinstance(event, Happened) and event.texts["activity_type"] == "Unsubscribed"


def rewritten(event: Event) -> Event:
    """Return the event with whatever must never be used made into something else."""
    if isinstance(event, Created):
        return replace(event, fields={**event.fields, **dict.fromkeys(FORBIDDEN, "something else")})
    if isinstance(event, Edited) and event.field in FORBIDDEN:
        return replace(event, value="something else")
    if is_forbidden(event):
        other = {"activity_type": " UNSUBSCRIBED", "asset": "New", "product": "New", "direction": "new"}
        return replace(event, occurred=event.occurred - 5, texts={**event.texts, **other})
    return event


@given(AS_OF.flatmap(lambda as_of: st.tuples(worlds(as_of), st.just(as_of))), st.booleans())
def test_what_must_never_be_used_leaves_no_trace(drawn, taken_away: bool) -> None:
    """Rewriting it, or taking it away, changes neither the catalogue nor any value, to the last bit."""
    world, as_of = drawn
    other = world.rewritten(rewritten)
    if taken_away:
        other = replace(world, events=tuple(event for event in world.events if not is_forbidden(event)))
    features = FeatureSet.declare(profile_of_world(world))
    assert FeatureSet.declare(profile_of_world(other)).fingerprint == features.fingerprint
    seen, seen_other = (matrix_of(features, w.history(), looks_at(world, as_of)) for w in (world, other))
    assert not differences(features.names, seen, seen_other)


def test_nothing_is_named_after_what_must_never_be_used() -> None:
    """No feature's name or sentence speaks of a forbidden field, activity, or what only that brought."""
    features = declared_features(profile_of_world(whole_world()))
    told = " ".join(f"{feature.name} {feature.sentence}" for feature in features).casefold()
    for word in ("email_known", "spy", "unsubscribed", "farewell", "goodbye", "away"):
        assert word not in told


def test_a_forbidden_campaign_does_not_come_back_as_its_channel() -> None:
    """Where the campaign of a lead must not be used, neither must the channel that it stands for."""
    agreement = AGREEMENT.model_copy(update={"never_use": ("campaign_id",)})
    names = [feature.name for feature in declared_features(profile_of_world(whole_world(), agreement))]
    assert not [name for name in names if "campaign" in name]
