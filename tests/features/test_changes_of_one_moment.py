from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.changes_of_one_moment import merged_by_moment
from small_tables import table

VALUES = st.sampled_from([None, "A", "B", "C"])


def merged(changes: list[tuple[str | None, str | None]]) -> list[tuple[str | None, str | None]]:
    rows = [
        {"lead_id": "a", "field": "industry", "changed_at": 0, "old_value": old, "new_value": new}
        for old, new in changes
    ]
    found = merged_by_moment(table("field_changes", rows))
    texts = (
        found[["old_value", "new_value"]]
        .astype(object)
        .where(found[["old_value", "new_value"]].notna(), None)
    )
    return [tuple(row) for row in texts.to_numpy().tolist()]


@given(st.lists(VALUES, min_size=2, max_size=6), st.randoms(use_true_random=False))
def test_a_chain_amounts_to_its_two_ends(values: list[str | None], random) -> None:
    """In any order the changes of one moment lead from the first value to the last, or nowhere."""
    chain = list(pairwise(values))
    mixed = random.sample(chain, len(chain))
    expected = [(values[0], values[-1])] if values[0] != values[-1] else []
    assert merged(mixed) == (expected if len(chain) > 1 else chain)


@pytest.mark.parametrize("times", [2, 3])
def test_a_change_told_twice_is_one_change(times: int) -> None:
    """A change that was delivered more than once is still one change."""
    assert merged([("A", "B")] * times) == [("A", "B")]


def test_changes_that_do_not_join_still_have_one_order() -> None:
    """Changes of one moment that contradict each other are read the same way in any order."""
    assert merged([("A", "B"), ("C", "D")]) == merged([("C", "D"), ("A", "B")]) == [("A", "B")]


def test_other_moments_leads_and_fields_are_left_alone() -> None:
    """Only changes of the same lead, field and moment belong together."""
    row = {"lead_id": "a", "field": "industry", "changed_at": 0, "old_value": "A", "new_value": "B"}
    others = [row, {**row, "changed_at": 1}, {**row, "lead_id": "b"}, {**row, "field": "country"}]
    changes = table("field_changes", others)
    assert merged_by_moment(changes).equals(changes)
