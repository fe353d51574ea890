from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from any_world import AS_OF, worlds
from features.census import Census
from features.exclusions import Exclusions
from features.from_history import records_from_history
from features.profiling import profile_of
from whole_catalogue import AGREEMENT, SETTINGS, whole_world


@given(AS_OF.flatmap(worlds), st.lists(st.integers(0, 4), max_size=3))
def test_a_census_is_the_same_however_the_leads_are_cut(world, cuts: list[int]) -> None:
    """The censuses of some leads each, put together, are the census of all of them."""
    records = records_from_history(world.history())
    ends = [0, *sorted(min(cut, len(records)) for cut in cuts), len(records)]
    parts = [records.of_leads(first, last) for first, last in pairwise(ends)]
    merged = Census.merged(Census.of(part, AGREEMENT) for part in parts)
    assert merged == Census.of(records, AGREEMENT)


def test_a_census_counts_what_is_used_and_nothing_else() -> None:
    """Labels of the leads outside of a part, which its columns still list, are not counted in it."""
    records = records_from_history(whole_world().history())
    first = Census.of(records.of_leads(0, 1), AGREEMENT)
    assert first.leads == 1
    assert all(sum(column.counts.values()) == column.filled <= 1 for column in first.columns.values())


@pytest.mark.parametrize("name", ["industry", "lead_source"])
def test_a_column_that_is_left_out_has_no_feature(name: str) -> None:
    """What an audit excludes has neither kind nor vocabulary, as if the agreement forbade it."""
    history = whole_world().history()
    left_out = Exclusions(columns=frozenset({name}))
    census = Census.of(records_from_history(history), AGREEMENT, left_out)
    profile = profile_of(census, history.campaigns, AGREEMENT, SETTINGS, left_out)
    assert name not in census.columns
    assert name not in {**profile.columns, **profile.vocabularies}


def test_an_activity_type_that_is_left_out_is_not_looked_at() -> None:
    """An excluded type joins those that the agreement forbids, and what only it brought is not counted."""
    history = whole_world().history()
    left_out = Exclusions(activity_types=frozenset({"demo"}))
    census = Census.of(records_from_history(history), AGREEMENT, left_out)
    profile = profile_of(census, history.campaigns, AGREEMENT, SETTINGS, left_out)
    assert profile.unused_activity_types == ("demo", "unsubscribed")
    assert not {"demo", "unsubscribed"} & set(census.activities["activity_type"].counts)


def test_an_empty_history_has_an_empty_census() -> None:
    """No leads, no counts, and a column is there with none filled."""
    records = records_from_history(whole_world().history()).of_leads(0, 0)
    census = Census.of(records, AGREEMENT)
    assert census.leads == 0
    assert np.all([column.filled == 0 for column in census.columns.values()])
