import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from any_world import AS_OF, worlds
from data_checks.errors import BatonError
from features.feature_set import FeatureSet
from features.vocabulary import Vocabulary
from seen import differences, looks_at, matrix_of


def read_back(feature_set: FeatureSet) -> FeatureSet:
    return FeatureSet.from_json(json.loads(json.dumps(feature_set.to_json())))


@settings(max_examples=8)
@given(AS_OF.flatmap(lambda as_of: st.tuples(worlds(as_of), st.just(as_of))))
def test_a_feature_set_read_back_gives_the_same_matrix(feature_set: FeatureSet, drawn) -> None:
    """What was written to JSON and read again has the same fingerprint and gives the same bits."""
    world, as_of = drawn
    again = read_back(feature_set)
    assert again.fingerprint == feature_set.fingerprint
    again.require(feature_set)
    looks = looks_at(world, as_of)
    both = (matrix_of(features, world.history(), looks) for features in (feature_set, again))
    assert not differences(feature_set.names, *both)


def test_a_missing_feature_is_shown(feature_set: FeatureSet) -> None:
    """A set that lacks a feature is refused, and the message has the line that is missing."""
    fewer = replace(feature_set, features=feature_set.features[1:])
    gone = json.dumps(feature_set.features[0].to_json())
    with pytest.raises(BatonError) as refusal:
        feature_set.require(fewer)
    assert f"\n-{gone}\n" in str(refusal.value)
    assert "Next: build the bundle again" in str(refusal.value)


def test_a_direction_is_no_part_of_the_fingerprint(feature_set: FeatureSet) -> None:
    """A direction bends what is learned and no value, so a model goes with features of any direction."""
    free = tuple(replace(one, kind=replace(one.kind, monotone=None)) for one in feature_set.features)
    other = replace(feature_set, features=free)
    assert feature_set.monotone
    assert not other.monotone
    assert other.fingerprint == feature_set.fingerprint


def test_another_order_is_another_set(feature_set: FeatureSet) -> None:
    """The same features in another order are refused, for a model knows its columns by position."""
    with pytest.raises(BatonError, match="another feature set"):
        feature_set.require(replace(feature_set, features=feature_set.features[::-1]))


def test_another_vocabulary_is_another_set(feature_set: FeatureSet) -> None:
    """The same names with other codes are refused, and the message shows both vocabularies."""
    known = {**feature_set.profile.vocabularies, "country": Vocabulary(("na", "de"))}
    other = replace(feature_set, profile=replace(feature_set.profile, vocabularies=known))
    with pytest.raises(BatonError, match=r'(?s)-vocabularies:.*"de", "na".*\+vocabularies:.*"na", "de"'):
        feature_set.require(other)
