"""docs/features.md lists the whole catalogue, and the feature that it adds is one like all others."""

import re
from pathlib import Path

import numpy as np
import pytest

from features import behaviour
from features.catalogue import kinds
from features.feature_set import FeatureSet
from features.from_history import records_from_history
from features.moments import DAY
from features.trace import trace
from models.known_outcomes import reference_of
from seen import differences, looks_at, matrix_of
from small_world import Created, Happened, World
from whole_catalogue import AGREEMENT, whole_profile

PAGE = (Path(__file__).parents[2] / "docs/features.md").read_text(encoding="utf-8")
NAME = "activities_per_active_day"
PAST = tuple(Happened("a", day * DAY, None, {"activity_type": "Demo"}) for day in (1, 1, 3))
FUTURE = Happened("a", 9 * DAY, None, {"activity_type": "Demo"})


@pytest.fixture
def with_another(monkeypatch: pytest.MonkeyPatch) -> FeatureSet:
    """The whole catalogue with the page's feature added to its family's module."""
    (block,) = re.findall(r"```python\n(@feature.*?)```", PAGE, re.DOTALL)
    added = dict(vars(behaviour))
    exec(compile(block, "docs/features.md", "exec"), added)
    monkeypatch.setattr(behaviour, NAME, added[NAME], raising=False)
    return FeatureSet.declare(whole_profile())


def test_the_page_lists_the_catalogue() -> None:
    """The table has each kind of feature with its family, name and sentence, in the catalogue's order."""
    rows = [f"| {kind.family} | `{kind.name}` | {kind.say} |" for kind in kinds()]
    assert [line for line in PAGE.splitlines() if re.match(r"\| [a-z ]+ \| `", line)][: len(rows)] == rows


def test_one_declaration_is_enough(with_another: FeatureSet) -> None:
    """The feature is computed, told in its sentence, and read back from a bundle."""
    world = World((Created(0, "a"), *PAST))
    column = with_another.names.index(NAME)
    value = matrix_of(with_another, world.history(), looks_at(world, 5 * DAY))[0, column]
    assert value == 1.5
    assert with_another.features[column].told(value).endswith("on each day that had any: 1.5")
    assert FeatureSet.from_json(with_another.to_json()).fingerprint == with_another.fingerprint


def test_what_was_added_looks_back_only(with_another: FeatureSet) -> None:
    """What happens later changes neither the new feature nor any other."""
    then, today = (World((Created(0, "a"), *PAST, *later)) for later in ((), (FUTURE,)))
    looks = looks_at(then, 5 * DAY)
    both = (matrix_of(with_another, world.history(), looks) for world in (then, today))
    assert not differences(with_another.names, *both)


def test_what_was_added_can_be_traced(with_another: FeatureSet) -> None:
    """The new feature shows the records that it came from, without code for that."""
    history = World((Created(0, "a"), *PAST, FUTURE)).history()
    records = records_from_history(history)
    reference = reference_of(records, history.campaigns, AGREEMENT, with_another.profile, 5 * DAY)
    (traced,) = (one for one in trace(with_another, records, 5 * DAY, reference) if one.feature.name == NAME)
    assert [source.occurred for source in traced.sources] == [DAY, DAY, 3 * DAY]
    assert np.isclose(traced.value, 1.5)
