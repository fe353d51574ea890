import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from any_world import AS_OF, worlds
from data_checks.errors import BatonError
from data_checks.stages import STAGE_NAMES
from data_checks.tables import CrmHistory
from features.from_history import records_from_history
from features.moments import DAY, NEVER
from features.records import Events, Records, Snapshots
from features.text_column import TextColumn
from models.outcomes import is_open, reached_at, require_outcomes
from seen import looks_at, snapshots_of
from small_tables import table
from small_world import Created, Moved, World, shuffled_history
from whole_catalogue import AGREEMENT


def reached(world: World) -> list[int]:
    """Return when a plain loop finds that each lead reached the target."""
    return [
        min(
            (
                event.at
                for event in world.known
                if isinstance(event, Moved)
                and event.lead_id == lead_id
                and AGREEMENT.stage_of(event.stage) in ("sql", "opportunity", "won")
            ),
            default=NEVER,
        )
        for lead_id in world.lead_ids
    ]


def open_at(world: World, lead_id: str, moment: int) -> bool:
    """Tell whether a plain loop finds the lead open."""
    past = world.until(moment)
    if lead_id not in past.lead_ids or reached(past)[past.lead_ids.index(lead_id)] != NEVER:
        return False
    moves = [event for event in past.known if isinstance(event, Moved) and event.lead_id == lead_id]
    last = [AGREEMENT.stage_of(event.stage) for event in moves if event.at == moves[-1].at]
    highest = max((STAGE_NAMES.index(stage) for stage in last if stage), default=-1)
    return highest < 0 or STAGE_NAMES[highest] not in ("disqualified", "lost")


@given(AS_OF.flatmap(lambda as_of: st.tuples(worlds(as_of), st.just(as_of))), st.integers(0, 99))
def test_a_lead_is_open_as_a_plain_loop_finds_it(drawn, seed: int) -> None:
    """A lead is open from its creation until it reaches the target, unless it stands closed at the moment."""
    world, as_of = drawn
    looks = looks_at(world, as_of, as_of - DAY, as_of - 30 * DAY)
    records = records_from_history(shuffled_history(world.history(), seed))
    found = is_open(records, snapshots_of(records, looks), AGREEMENT, reached_at(records, AGREEMENT))
    assert reached_at(records, AGREEMENT).tolist() == reached(world)
    assert found.tolist() == [open_at(world, *look) for look in looks]


@pytest.mark.parametrize(
    ("stage", "is_looked_at"),
    [("New", True), ("Nurture", True), ("No such", True), ("Unqualified", False), ("Qualified", False)],
)
def test_closed_leads_are_not_open_and_recycled_ones_are(stage: str, is_looked_at: bool) -> None:
    """From the very moment a lead is disqualified or qualified it is not looked at; a recycled one is."""
    world = World((Created(0, "a"), Moved(DAY, "a", stage)))
    records = records_from_history(world.history())
    snapshots = snapshots_of(records, [("a", DAY - 1), ("a", DAY)])
    found = is_open(records, snapshots, AGREEMENT, reached_at(records, AGREEMENT))
    assert found.tolist() == [True, is_looked_at]


def test_without_stage_changes_the_date_on_the_lead_tells() -> None:
    """Where the source has no stage changes, a lead converted when the lead itself says so."""
    rows = [{"lead_id": "a", "created_at": 0, "converted_at": DAY}, {"lead_id": "b", "created_at": 0}]
    history = CrmHistory(table("leads", rows), absent=frozenset({"stage_changes"}))
    assert reached_at(records_from_history(history), AGREEMENT).tolist() == [DAY, NEVER]


def test_any_number_of_leads_is_looked_at() -> None:
    """Of a hundred thousand disqualified leads none is open."""
    leads = 100_000
    position = np.arange(leads, dtype=np.int64)
    created = position % 2000 * DAY
    moved = created + DAY
    nothing = Events(position[:0], position[:0], position[:0], {})
    stages = {"stage": TextColumn(np.zeros(leads, np.int32), ("Unqualified",))}
    records = Records(
        lead_ids=tuple(map(str, position)),
        created=created,
        converted=np.full(leads, NEVER),
        fields={},
        activities=nothing,
        stage_changes=Events(position, moved, moved, stages),
        field_changes={},
    )
    snapshots = Snapshots(position, created + 2 * DAY)
    assert not is_open(records, snapshots, AGREEMENT, reached_at(records, AGREEMENT)).any()


@pytest.mark.parametrize(
    ("stage_changes", "conversions", "found", "next_step"),
    [
        (None, 0, "found neither", "map the date of conversion"),
        (0, 0, "found neither", "export the table stage_changes"),
        (0, 7, "without rows, beside 7 leads", "remove the empty table"),
    ],
)
def test_a_source_that_knows_no_outcomes_is_refused(stage_changes, conversions, found, next_step):
    """Without stage changes and without conversions nobody can tell which leads reached the target."""
    with pytest.raises(BatonError, match="a model is trained on") as refused:
        require_outcomes(stage_changes, conversions)
    assert found in str(refused.value)
    assert next_step in str(refused.value)


@pytest.mark.parametrize(("stage_changes", "conversions"), [(9, 0), (9, 3), (None, 3)])
def test_a_source_that_knows_outcomes_is_not(stage_changes, conversions):
    """Stage changes are enough wherever they lead, and so are conversions where there is no such table."""
    require_outcomes(stage_changes, conversions)
