import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from any_world import AS_OF, FIELDS, worlds
from data_checks.tables import CrmHistory
from features.fields_as_of import field_as_of
from features.from_history import records_from_history
from features.moments import DAY
from seen import looks_at, snapshots_of
from small_tables import table
from small_world import Created, Edited, World


def texts_as_of(history: CrmHistory, field: str, *moments: int) -> list[str | None]:
    records = records_from_history(history)
    looks = [(lead_id, moment) for moment in moments for lead_id in records.lead_ids]
    column = field_as_of(records, snapshots_of(records, looks), field)
    return np.array([*column.labels, None], object)[column.codes].tolist()


@given(AS_OF.flatmap(lambda as_of: st.tuples(worlds(as_of), st.just(as_of))), st.sampled_from(sorted(FIELDS)))
def test_a_field_is_what_it_was(drawn, field: str) -> None:
    """At any moment since a lead was created its field has the value that was last written by then."""
    world, as_of = drawn
    moments = [as_of - 30 * DAY, as_of - 1, as_of, as_of + DAY]
    found = texts_as_of(world.history(), field, *moments)
    for (lead_id, moment), text in zip(looks_at(world, *moments), found, strict=True):
        if lead_id in world.until(moment).lead_ids:
            assert text == world.lead_input(lead_id, moment).fields.get(field)


def test_a_field_without_changes_is_what_it_is() -> None:
    """A field that never changed had its current value at every moment."""
    history = World((Created(0, "a", {"industry": "Retail"}), Created(0, "b"))).history()
    assert texts_as_of(history, "industry", 0, DAY) == ["Retail", None, "Retail", None]


def test_a_field_that_the_crm_does_not_have_is_missing() -> None:
    """A field that the records do not know is missing, as it is at an endpoint that was not sent it."""
    assert texts_as_of(World((Created(0, "a"),)).history(), "no_such_field", 0) == [None]


def test_before_its_first_change_a_field_was_the_old_value() -> None:
    """Up to the microsecond of its first change a field has that change's old value, then the new one."""
    world = World((Created(0, "a", {"industry": "Retail"}), Edited(DAY, "a", "industry", "Software")))
    assert texts_as_of(world.history(), "industry", 0, DAY - 1, DAY) == ["Retail", "Retail", "Software"]


def test_a_change_without_an_old_value_was_from_nothing() -> None:
    """An old value that is missing means that the field was empty, not that it was always as it is now."""
    world = World((Created(0, "a"), Edited(DAY, "a", "industry", "Software")))
    assert texts_as_of(world.history(), "industry", 0, DAY) == [None, "Software"]


def test_a_current_value_that_no_change_explains_does_not_reach_back() -> None:
    """Where the current value disagrees with the last change, the past is what the changes say."""
    leads = table("leads", [{"lead_id": "a", "created_at": 0, "industry": "Retail"}])
    change = {
        "lead_id": "a",
        "field": "industry",
        "changed_at": DAY,
        "old_value": "Farming",
        "new_value": "Fishing",
    }
    history = CrmHistory(leads, field_changes=table("field_changes", [change]))
    assert texts_as_of(history, "industry", 0, 2 * DAY) == ["Farming", "Fishing"]
