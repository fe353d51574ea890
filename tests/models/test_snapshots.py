import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from any_world import AS_OF, worlds
from features.from_history import records_from_history
from features.moments import DAY
from models.snapshots import LabelledSnapshots, SnapshotSettings, labelled_snapshots
from small_world import Created, Moved, World, shuffled_history
from whole_catalogue import AGREEMENT

HORIZON = AGREEMENT.target.within_days * DAY
AGES = SnapshotSettings(ages_days=(0, 0.5, 7, 30))


def labelled(world: World, now: int, settings: SnapshotSettings = AGES, seed: int = 0) -> LabelledSnapshots:
    records = records_from_history(shuffled_history(world.history(), seed))
    return labelled_snapshots(records, AGREEMENT, settings, now)


@given(AS_OF.flatmap(lambda now: st.tuples(worlds(now), st.just(now))), st.integers(0, 99))
def test_no_weight_tells_the_outcome(drawn, seed: int) -> None:
    """Every look weighs the same, and a lead that was looked at all its ages weighs one."""
    found = labelled(*drawn, seed=seed)
    assert found.weight == pytest.approx(np.full(len(found), 1 / len(AGES.ages_days)))


@given(AS_OF.flatmap(lambda now: st.tuples(worlds(now), st.just(now))))
def test_what_happened_after_now_changes_no_row(drawn) -> None:
    """Rows and labels read at a moment are those that the history up to that moment gives."""
    world, now = drawn
    ids = world.until(now).lead_ids
    then, today = labelled(world.until(now), now), labelled(world, now)
    rows_then = [(ids[lead], at) for lead, at in zip(then.snapshots.lead, then.snapshots.as_of, strict=True)]
    rows_today = [
        (world.lead_ids[lead], at)
        for lead, at in zip(today.snapshots.lead, today.snapshots.as_of, strict=True)
    ]
    assert rows_then == rows_today
    assert then.label.tolist() == today.label.tolist()
    assert then.reached.tolist() == today.reached.tolist()
    assert then.mature.tolist() == today.mature.tolist()


@given(AS_OF.flatmap(lambda now: st.tuples(worlds(now), st.just(now))))
def test_mature_is_what_is_known_for_good(drawn) -> None:
    """A row is mature once its horizon has passed: its label is the same a horizon later."""
    world, now = drawn
    found, older = labelled(world, now), labelled(world, now + HORIZON)
    assert (found.mature == (found.snapshots.as_of + HORIZON <= now)).all()
    kept = older[np.flatnonzero(older.snapshots.as_of <= now)]
    assert kept.snapshots.lead.tolist() == found.snapshots.lead.tolist()
    assert kept.snapshots.as_of.tolist() == found.snapshots.as_of.tolist()
    assert kept.label[found.mature].tolist() == found.label[found.mature].tolist()
    assert kept.label[found.label].all()


@pytest.mark.parametrize(("after", "converted"), [(HORIZON - 1, True), (HORIZON, True), (HORIZON + 1, False)])
def test_the_horizon_ends_to_the_microsecond(after: int, converted: bool) -> None:
    """The target reached exactly the horizon after the moment is a success, a microsecond later it is not."""
    world = World((Created(0, "a"), Moved(after, "a", "Qualified")))
    found = labelled(world, HORIZON + DAY, SnapshotSettings(ages_days=(0,)))
    assert found.label.tolist() == [converted]


@pytest.mark.parametrize(("short", "mature"), [(0, True), (1, False)])
def test_a_snapshot_matures_to_the_microsecond(short: int, mature: bool) -> None:
    """A snapshot is mature when its whole horizon has passed, and young a microsecond before."""
    world = World((Created(0, "a"), Moved(DAY, "a", "Qualified")))
    found = labelled(world, HORIZON - short, SnapshotSettings(ages_days=(0,)))
    assert found.mature.tolist() == [mature]
    assert len(found.mature_ones) == mature


def test_a_lead_is_looked_at_while_it_is_open() -> None:
    """A lead is looked at until it closes, and again once it is recycled."""
    moves = ((1 * DAY, "Unqualified"), (20 * DAY, "Nurture"), (29 * DAY, "Unqualified"))
    world = World((Created(0, "a"), *(Moved(at, "a", stage) for at, stage in moves)))
    settings = SnapshotSettings(ages_days=(0, 7, 19, 20, 25, 30))
    found = labelled(world, 100 * DAY, settings)
    assert (found.snapshots.as_of // DAY).tolist() == [0, 20, 25]
    assert found.weight.tolist() == [1 / 6] * 3


def test_a_history_without_leads_has_no_rows() -> None:
    """No leads, no rows, and no error."""
    assert len(labelled(World(()), 100 * DAY)) == 0


def test_nobody_is_looked_at_within_a_gap() -> None:
    """Snapshots from the first moment of a gap until before its last are left out, all others stay."""
    records = records_from_history(World(tuple(Created(day * DAY, f"a{day}") for day in range(5))).history())
    settings, now = SnapshotSettings(ages_days=(0,)), 500 * DAY
    seen = labelled_snapshots(records, AGREEMENT, settings, now, ((DAY, 3 * DAY),))
    assert seen.snapshots.as_of.tolist() == [0, 3 * DAY, 4 * DAY]
