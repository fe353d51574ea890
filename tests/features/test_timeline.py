import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from any_world import AS_OF
from data_checks.errors import BatonError
from features.lanes import ALWAYS
from features.moments import DAY, NEVER
from features.records import Events, Records, Snapshots, by_blocks
from features.text_column import from_texts
from features.timeline import LONGEST_WINDOW, Timeline

LABELS = 3
WINDOWS = (1, DAY, 7 * DAY, LONGEST_WINDOW)
LENGTHS = st.sampled_from(
    (0, 1, 2, DAY - 1, DAY, DAY + 1, 7 * DAY, LONGEST_WINDOW - 1, LONGEST_WINDOW, 9 * LONGEST_WINDOW)
)


@st.composite
def asked(draw: st.DrawFn) -> tuple[list[tuple[int, int, int, int]], list[tuple[int, int]]]:
    """Return events as (lead, occurred, recorded, code) in any order, and snapshots as (lead, as of)."""
    as_of = draw(AS_OF)
    lead = st.integers(0, 3)
    moment = LENGTHS.map(lambda length: as_of - length) | LENGTHS.map(lambda length: as_of + length)
    delay = st.just(0) | LENGTHS | LENGTHS.map(lambda length: -length)
    event = st.builds(
        lambda lead, occurred, delay, code: (lead, occurred, occurred + delay, code),
        lead,
        moment,
        delay,
        st.integers(-1, LABELS - 1),
    )
    return draw(st.lists(event, max_size=20)), draw(st.lists(st.tuples(lead, moment), min_size=1, max_size=6))


def timeline_of(
    events: list[tuple[int, int, int, int]], looks: list[tuple[int, int]]
) -> tuple[Timeline, np.ndarray]:
    ordered = sorted(events, key=lambda event: event[0])
    lead, occurred, recorded, code = np.array(ordered, np.int64).reshape(-1, 4).T
    snapshots = Snapshots(*np.array(looks, np.int64).T)
    timeline = Timeline(Events(lead, occurred, recorded, {}), snapshots)
    return timeline, timeline.coded(code.astype(np.int32))


def known(events, lead: int, as_of: int):
    """Return what a plain loop finds known of a lead, in the order in which it became known."""
    found = [event for event in events if event[0] == lead and max(event[1], event[2]) <= as_of]
    return sorted(found, key=lambda event: (max(event[1], event[2]), event[1], event[3]))


@given(asked(), st.sampled_from([*WINDOWS, ALWAYS]))
def test_counts_are_those_of_a_plain_loop(drawn, window: int) -> None:
    """An event counts if it is known as of the moment and lies in (as_of - window, as_of]."""
    events, looks = drawn
    timeline, codes = timeline_of(events, looks)
    expected = [
        [
            sum(code == label and (occurred > as_of - window) for _, occurred, _, code in found)
            for label in range(LABELS)
        ]
        for found, as_of in ((known(events, lead, as_of), as_of) for lead, as_of in looks)
    ]
    assert timeline.tally(codes, LABELS).counts((window,))[0].tolist() == expected


@given(asked())
def test_the_latest_of_a_label_is_that_of_a_plain_loop(drawn) -> None:
    """The latest of a label is the known event that happened last, and never where there is none."""
    events, looks = drawn
    timeline, codes = timeline_of(events, looks)
    latest = timeline.tally(codes, LABELS).latest()
    for row, (lead, as_of) in enumerate(looks):
        for label in range(LABELS):
            found = [occurred for _, occurred, _, code in known(events, lead, as_of) if code == label]
            assert latest[row, label] == max(found, default=NEVER)


@given(asked())
def test_the_latest_is_that_of_a_plain_loop(drawn) -> None:
    """Of the events known last, the latest is the one that happened last, and of those the highest code."""
    events, looks = drawn
    timeline, codes = timeline_of(events, looks)
    found = [known(events, lead, as_of) for lead, as_of in looks]
    assert timeline.latest(codes).tolist() == [past[-1][3] if past else -1 for past in found]


@given(asked(), st.sampled_from([*WINDOWS, ALWAYS]), st.randoms(use_true_random=False))
def test_firsts_are_those_of_a_plain_loop(drawn, window: int, random) -> None:
    """The first of a code is the one known first, and of those the one that happened first."""
    events, looks = drawn
    timeline, codes = timeline_of(random.sample(events, len(events)), looks)
    expected = []
    for lead, as_of in looks:
        first = {code: occurred for _, occurred, _, code in reversed(known(events, lead, as_of)) if code >= 0}
        expected.append(sum(occurred > as_of - window for occurred in first.values()))
    assert timeline.tally(timeline.first_of(codes), 1).counts((window,))[0, :, 0].tolist() == expected


def test_of_two_written_down_at_once_the_earlier_was_first() -> None:
    """Of two events recorded in one moment the one that happened first counts as first, in any order."""
    both = [(0, 0, 9 * DAY, 0), (0, 5 * DAY, 9 * DAY, 0)]
    for events in (both, both[::-1]):
        timeline, codes = timeline_of(events, [(0, 10 * DAY)])
        assert timeline.tally(timeline.first_of(codes), 1).counts((7 * DAY,))[0].tolist() == [[0]]


@pytest.mark.parametrize("window", WINDOWS)
def test_a_window_is_open_at_its_far_end(window: int) -> None:
    """Exactly a window ago is outside, a microsecond later is inside, and so is the moment itself."""
    events = [(0, 0, 0, 0), (0, 1, 1, 1), (0, window, window, 2)]
    timeline, codes = timeline_of(events, [(0, window)])
    assert timeline.tally(codes, LABELS).counts((window,))[0][0].tolist() == [0, 1, 1]


def test_an_event_written_down_late_counts_when_it_happened() -> None:
    """A call recorded ten days late is invisible for ten days, and then as old as it is."""
    late = [(0, 0, 10 * DAY, 0)]
    timeline, codes = timeline_of(late, [(0, 10 * DAY - 1), (0, 10 * DAY)])
    tally = timeline.tally(codes, 1)
    assert tally.counts((10 * DAY, 30 * DAY))[:, :, 0].tolist() == [[0, 0], [0, 1]]
    assert tally.latest()[:, 0].tolist() == [NEVER, 0]


def test_one_lead_of_1970_leaves_the_others_alone() -> None:
    """Leads half a century apart share a block without touching each other's counts."""
    leads, today = 8192, 56 * 365 * DAY
    occurred = np.full(leads, today - 5 * DAY)
    as_of = np.full(leads, today)
    as_of[0] = 0
    position = np.arange(leads, dtype=np.int64)
    timeline = Timeline(Events(position, occurred, occurred, {}), Snapshots(position, as_of))
    counts = timeline.tally(np.zeros(leads, np.int32), 1).counts((7 * DAY,))[0, :, 0]
    assert counts.tolist() == [0] + [1] * (leads - 1)


def test_a_key_that_would_not_fit_is_refused() -> None:
    """More leads than a 64-bit key can hold are refused in words, never counted wrongly."""
    leads = np.array([0, 10**6], np.int64)
    events = Events(leads, leads, leads, {})
    with pytest.raises(BatonError, match="fits 64 bits; found 1000001 leads"):
        Timeline(events, Snapshots(leads, leads))


def test_blocks_carry_any_number_of_leads() -> None:
    """Blocks hold what one timeline cannot, and their answers come in the order of the questions."""
    leads = 200_000
    position = np.arange(leads, dtype=np.int64)
    moments = position % 1000 * DAY
    nothing = Events(position[:0], position[:0], position[:0], {})
    records = Records(
        lead_ids=tuple(map(str, position)),
        created=moments,
        converted=moments,
        fields={"name": from_texts(map(str, position))},
        activities=Events(position, moments, moments, {}),
        stage_changes=nothing,
        field_changes={},
    )

    def count(part: Records, asked: Snapshots) -> np.ndarray:
        return (
            Timeline(part.activities, asked)
            .tally(np.zeros(len(part), np.int32), 1)
            .counts((ALWAYS,))[0, :, 0]
        )

    backwards = Snapshots(position[::-1], np.full(leads, 500 * DAY))
    assert by_blocks(count, records, backwards).tolist() == (moments <= 500 * DAY)[::-1].astype(int).tolist()
