import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.parts.cutting import cut_locally, cut_points, parts_for
from pipeline.parts.tables import CutTables, absent_tables
from pipeline.store import write_history
from small_world import Created, Happened, World

IDS = ("L1", "L10", "L2", "o'brien", "Ä", "🙂", 'quo"te', " ", "Z")


@given(st.lists(st.text(max_size=3), max_size=30), st.integers(1, 8))
def test_cut_points_are_in_order_and_leave_no_part_empty(ids: list[str], parts: int) -> None:
    """There are fewer points than parts, in order, each with something of the sample before and after it."""
    points = cut_points(ids, parts)
    assert len(points) < parts
    assert list(points) == sorted(set(points))
    for lower, upper in zip(("", *points), (*points, None), strict=True):
        assert not ids or any(lower <= one and (upper is None or one < upper) for one in ids)


@pytest.mark.parametrize("parts", [1, 2, 5, 100])
def test_every_lead_is_whole_in_one_part_and_in_order(tmp_path, parts):
    """Whatever an id looks like, all that is on record of a lead is in its part, and none is lost."""
    events = [Created(0, one) for one in IDS]
    events += [Happened(one, 0, None, {"activity_type": "Demo"}) for one in IDS for _ in range(3)]
    history = World(tuple(events)).history()
    write_history(history, tmp_path / "tables")
    columns = list(history.leads.columns)
    found = cut_locally(tmp_path / "tables", tmp_path / "cut", columns, parts, 2)
    tables = CutTables(tmp_path / "cut", tuple(columns), absent_tables(tmp_path / "tables"), found)
    records = [tables.records(part) for part in range(len(tables))]
    assert [one for part in records for one in part.lead_ids] == sorted(IDS)
    assert [len(part.activities) for part in records] == [3 * len(part) for part in records]
    assert all(len(part) for part in records)
    assert all(len(tables.records(part, activities=False).activities) == 0 for part in range(found))


def test_small_tables_stay_whole(tmp_path):
    """Without a wish, tables that fit one part are not cut, and a wish is granted."""
    write_history(World((Created(0, "a"),)).history(), tmp_path / "tables")
    assert parts_for(tmp_path / "tables", None) == 1
    assert parts_for(tmp_path / "tables", 7) == 7


def test_activities_of_nobody_make_no_lead(tmp_path):
    """An activity without a lead id is in no part."""
    history = World((Created(0, "a"), Happened("a", 0, None, {}))).history()
    nobody = history.activities.assign(lead_id=pd.Series([None], dtype="str"))
    write_history(type(history)(leads=history.leads, activities=nobody), tmp_path / "tables")
    found = cut_locally(tmp_path / "tables", tmp_path / "cut", list(history.leads.columns), 2, 1)
    tables = CutTables(tmp_path / "cut", tuple(history.leads.columns), frozenset(), found)
    assert sum(len(tables.records(part).activities) for part in range(found)) == 0
