from features.from_history import records_from_history
from features.moments import DAY, NEVER
from small_world import Created, Edited, Happened, Moved, World


def test_what_names_no_lead_is_left_out() -> None:
    """Activities and changes of an unknown lead belong to nobody, and least of all to a neighbour."""
    world = World(
        (
            Created(0, "b"),
            Happened("a", DAY, None, {"activity_type": "Demo"}),
            Happened("c", DAY, None, {"activity_type": "Demo"}),
            Moved(DAY, "ghost", "Qualified"),
            Edited(DAY, "ghost", "industry", "Retail"),
        )
    )
    records = records_from_history(world.history())
    assert (len(records), len(records.activities), len(records.stage_changes)) == (1, 0, 0)
    assert not records.field_changes


def test_leads_and_their_events_are_in_order_of_the_ids() -> None:
    """Leads are ordered by id, and each event points to the position of its lead."""
    texts = {"activity_type": "Demo"}
    world = World(
        (*(Created(0, i) for i in ("b", "a10", "a9")), *(Happened(i, 0, None, texts) for i in ("b", "a9")))
    )
    records = records_from_history(world.history())
    assert records.lead_ids == ("a10", "a9", "b")
    assert records.activities.lead.tolist() == [1, 2]


def test_an_activity_without_a_record_date_was_known_at_once() -> None:
    """Where the CRM does not say when it came to know of an activity, it knew when it happened."""
    world = World((Created(0, "a"), Happened("a", DAY, None, {}), Happened("a", DAY, 3 * DAY, {})))
    assert records_from_history(world.history()).activities.recorded.tolist() == [DAY, 3 * DAY]


def test_an_empty_history_has_no_records() -> None:
    """A history without leads is read as one, not refused."""
    records = records_from_history(World(()).history())
    assert (len(records), len(records.activities)) == (0, 0)


def test_a_lead_that_did_not_convert_never_did() -> None:
    """A missing conversion is NEVER, later than any moment."""
    assert records_from_history(World((Created(0, "a"),)).history()).converted.tolist() == [NEVER]
