"""The revenue cycle."""

from itertools import pairwise

from data_checks.stages import DETOURS, REVENUE_CYCLE, STAGE_MEANINGS, STAGE_NAMES, has_reached


def test_the_cycle_and_its_detours_are_all_stages():
    """Every stage stands either in the cycle or beside it, and has a meaning."""
    assert REVENUE_CYCLE + DETOURS == STAGE_NAMES == tuple(STAGE_MEANINGS)


def test_a_later_stage_has_passed_the_earlier_ones():
    """Who is won has been an SQL; who is an MQL has not."""
    for earlier, later in pairwise(REVENUE_CYCLE):
        assert has_reached(later, earlier)
        assert not has_reached(earlier, later)


def test_a_detour_reaches_only_itself():
    """A lost or recycled lead has not reached the target by being lost."""
    for detour in DETOURS:
        assert [stage for stage in STAGE_NAMES if has_reached(detour, stage)] == [detour]
