import re

import pytest

from data_checks.errors import BatonError
from features.catalogue import declared_features, feature_from_json, kinds
from features.census import Census
from features.feature_set import FeatureSet
from features.from_history import records_from_history
from features.moments import DAY
from features.profile import Profile
from features.profiling import profile_of
from small_world import Created, Happened, World
from whole_catalogue import AGREEMENT, SETTINGS, whole_world

PLAIN = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*")


def profile_of_world(world: World, *absent: str, **settings) -> Profile:
    history = world.history(absent)
    chosen = SETTINGS.model_copy(update=settings)
    return profile_of(
        Census.of(records_from_history(history), AGREEMENT), history.campaigns, AGREEMENT, chosen
    )


def test_every_name_is_plain_and_its_own(feature_set: FeatureSet) -> None:
    """The name of each feature is snake_case of plain letters and digits, and no other feature has it."""
    assert [name for name in feature_set.names if not PLAIN.fullmatch(name)] == []
    assert len(set(feature_set.names)) == len(feature_set.names)


def test_every_sentence_says_something_of_its_own(feature_set: FeatureSet) -> None:
    """Each feature is told to marketing in words, and no two in the same."""
    sentences = [feature.sentence for feature in feature_set.features]
    assert all(sentence.strip() and sentence[0].isupper() for sentence in sentences)
    assert len(set(sentences)) == len(sentences)


def test_every_family_is_one_that_marketing_knows(feature_set: FeatureSet) -> None:
    """The families are those that the agreement of words names, each with a feature."""
    families = {feature.family for feature in feature_set.features}
    assert families == {
        "demographic",
        "behaviour",
        "asset",
        "product interest",
        "timing",
        "account and market",
    }


@pytest.mark.parametrize("label", ["Demo!", "démo", "デモ", "demo\u2010call", "C++", "c#", "100%"])
def test_a_label_of_any_alphabet_has_a_plain_name(label: str) -> None:
    """Whatever a CRM calls its activities, names are plain and sentences say what people write."""
    texts = {"activity_type": label}
    world = World((Created(0, "a"), *(Happened("a", day * DAY, None, texts) for day in range(3))))
    features = declared_features(profile_of_world(world))
    assert all(PLAIN.fullmatch(feature.name) for feature in features)
    assert any(feature.sentence == f"Days since the latest {label} activity" for feature in features)


def test_labels_that_differ_by_their_signs_have_names_of_their_own() -> None:
    """Labels of which the same letters remain are told apart by a short hash."""
    labels = ("c+", "c#", "c", "c !")
    events = [Happened("a", day * DAY, None, {"activity_type": x}) for day in range(2) for x in labels]
    features = declared_features(profile_of_world(World((Created(0, "a"), *events))))
    assert sum(feature.name.startswith("days_since_c") for feature in features) == len(labels)


def test_features_that_would_share_a_name_are_told_apart() -> None:
    """Where a column and activities would give one name, each gets a mark of its own and none is lost."""
    dated = [Created(day * DAY, f"a{day}", {"trial_started": f"2026-01-0{day}"}) for day in (1, 2, 3)]
    spellings = ("Trial Started", "trial_started")
    happened = (Happened("a1", day * DAY, None, {"activity_type": x}) for day in range(2) for x in spellings)
    features = declared_features(profile_of_world(World((*dated, *happened))))
    ages = [feature.name for feature in features if feature.name.startswith("days_since_trial_started")]
    assert len(set(ages)) == len(ages) == 3
    assert all(PLAIN.fullmatch(name) for name in ages)


def test_a_name_left_out_in_vain_is_refused() -> None:
    """A name under ``left_out`` that no feature bears is a mistake, told with the next step."""
    with pytest.raises(BatonError, match=r"found 'product_fokus'\. Next: correct the name"):
        declared_features(profile_of_world(whole_world(), left_out=("product_fokus",)))


def test_a_feature_left_out_is_not_declared() -> None:
    """A name under ``left_out`` takes that feature out and no other."""
    names = [feature.name for feature in declared_features(profile_of_world(whole_world()))]
    left = declared_features(profile_of_world(whole_world(), left_out=("product_focus",)))
    assert [feature.name for feature in left] == [name for name in names if name != "product_focus"]


@pytest.mark.parametrize("table", ["activities", "stage_changes", "campaigns"])
def test_an_absent_table_switches_its_features_off(table: str) -> None:
    """Without a table every feature that needs it is gone, and all others stay."""
    every = declared_features(profile_of_world(whole_world()))
    left = declared_features(profile_of_world(whole_world(), table))
    assert [feature for feature in every if feature.kind.needs != table] == list(left)
    assert len(left) < len(every)


def test_every_feature_is_read_back_as_it_was(feature_set: FeatureSet) -> None:
    """JSON brings back each feature of the catalogue, equal in all it is."""
    told = (feature.to_json() for feature in feature_set.features)
    assert tuple(feature_from_json(one, feature_set.profile) for one in told) == feature_set.features


@pytest.mark.parametrize(
    "data",
    [
        {"kind": "horoscope", "name": "horoscope", "case": {}},
        {},
        {"kind": "lead_age", "name": "lead_age_days", "case": {"sign": "Leo"}},
        {"kind": "activity_age", "name": "x", "case": {"column": "activity_type"}, "label": "Never heard"},
    ],
)
def test_a_feature_of_no_known_kind_is_refused(feature_set: FeatureSet, data: dict[str, str]) -> None:
    """A declaration that this version does not know is refused with what was found and what to do."""
    with pytest.raises(BatonError, match=r"one of the catalogue's kinds; found \{.*Next: "):
        feature_from_json(data, feature_set.profile)


def test_kinds_have_names_of_their_own() -> None:
    """No two families call a kind the same, since JSON tells kinds apart by that name."""
    names = [kind.key for kind in kinds()]
    assert len(set(names)) == len(names)
