"""Requests that come in together are worked on together, and stay apart in what they get."""

from __future__ import annotations

import asyncio
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serving.grouping import Bounds, FullError, Grouping

WIDE = Bounds(100, 10_000)


class BrokenError(Exception):
    """What the work raises for one item."""


class DownError(Exception):
    """What the work raises for everyone."""


def doubled(items):
    if any(item < 0 for item in items):
        raise BrokenError
    return [2 * item for item in items]


def together(work, items, bounds=WIDE, shared=()):
    """Put all items in at once and return what each got, and the groups that the work saw."""
    groups = []

    def noted(group):
        groups.append(list(group))
        return work(group)

    async def main():
        grouping = Grouping(noted, abs, bounds, shared)
        results = await asyncio.gather(*map(grouping, items), return_exceptions=True)
        await grouping.close()
        return results

    return asyncio.run(main()), groups


@given(items=st.lists(st.integers(0, 60), max_size=40), most=st.integers(1, 100))
def test_everyone_gets_what_is_theirs(items, most):
    """Each item gets its own result, in groups of bounded weight whose order is that of arrival."""
    results, groups = together(doubled, items, Bounds(most, 10_000))
    assert results == [2 * item for item in items]
    assert [item for group in groups for item in group] == items
    assert all(sum(group) <= most or len(group) == 1 for group in groups)


def test_what_waits_is_one_group():
    """While the first call runs, all that comes in becomes the second call."""
    started, go = threading.Event(), threading.Event()
    groups = []

    def slow(group):
        groups.append(len(group))
        started.set()
        go.wait(5)
        return group

    async def main():
        grouping = Grouping(slow, abs, WIDE)
        first = asyncio.create_task(grouping(1))
        await asyncio.to_thread(started.wait)
        others = [asyncio.create_task(grouping(1)) for _ in range(7)]
        await asyncio.sleep(0)
        go.set()
        await asyncio.gather(first, *others)
        await grouping.close()

    asyncio.run(main())
    assert groups == [1, 7]


def test_one_guilty_item_does_not_fail_its_group():
    """When a group fails, each is tried alone, and only the guilty one fails."""
    results, _ = together(doubled, [1, -1, 2])
    assert (results[0], results[2]) == (2, 4)
    assert isinstance(results[1], BrokenError)


def test_a_fault_of_all_is_told_to_all_without_trying_again():
    """A ledger that is down is not asked once for each request."""

    def down(_):
        raise DownError

    results, groups = together(down, [1, 2, 3], shared=DownError)
    assert [type(result) for result in results] == [DownError] * 3
    assert groups == [[1, 2, 3]]


def test_nobody_waits_for_work_that_is_given_up():
    """What ends the work without being an exception, such as a panic in Rust, is told to all."""

    class PanicError(BaseException):
        pass

    def panics(items):
        if 1 in items:
            raise PanicError
        return items

    async def main():
        grouping = Grouping(panics, abs, WIDE)
        first = await asyncio.gather(*map(grouping, [1, 2]), return_exceptions=True)
        second = await grouping(3)
        await grouping.close()
        return first, second

    first, second = asyncio.run(main())
    assert [type(one) for one in first] == [RuntimeError, RuntimeError]
    assert second == 3


def test_more_than_may_wait_is_turned_away_at_once():
    """The queue is bounded by weight; one item alone is never too heavy."""
    results, _ = together(doubled, [500], Bounds(10, 100))
    assert results == [1000]
    results, _ = together(doubled, [60, 30, 30, 5], Bounds(10, 100))
    assert [type(result) for result in results] == [int, int, FullError, int]


def test_room_is_given_back():
    """What is done no longer counts, whether it went well or not."""

    async def main():
        grouping = Grouping(doubled, abs, Bounds(10, 10))
        for item in (10, -10, 10):
            if item < 0:
                with pytest.raises(BrokenError):
                    await grouping(item)
            else:
                assert await grouping(item) == 20
        await grouping.close()

    asyncio.run(main())


def test_who_has_gone_is_not_waited_for():
    """A request that was given up costs its neighbours nothing."""

    async def main():
        grouping = Grouping(doubled, abs, WIDE)
        gone, stays = asyncio.create_task(grouping(1)), asyncio.create_task(grouping(2))
        await asyncio.sleep(0)
        gone.cancel()
        assert await stays == 4
        await grouping.close()

    asyncio.run(main())
