"""Requests that come in together are worked on together."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")
_Waiting = tuple[Item, "asyncio.Future[Result]"]


class FullError(Exception):
    """More is waiting than may wait."""


@dataclass(frozen=True)
class Bounds:
    """How much a group may hold, and how much may wait or be under way, in the items' weight."""

    group: int
    waiting: int


class Grouping(Generic[Item, Result]):
    """Calls ``work``, in one thread of its own, with all that has come in since its last call.

    Nobody waits for a group to fill: alone, a request is a group of one; under load, the group is
    what came in during the last call, so that requests share one scoring call or one commit. ``work``
    returns for each item a result or its own failure; a single item is never too heavy. When ``work`` fails
    for a group, each of its items is tried alone, so that only the guilty one fails; a failure of a type in
    ``shared`` is everyone's.
    """

    def __init__(
        self,
        work: Callable[[Sequence[Item]], Sequence[Result | Exception]],
        weight: Callable[[Item], int],
        bounds: Bounds,
        shared: type[Exception] | tuple[type[Exception], ...] = (),
        name: str = "grouping",
    ) -> None:
        self._work, self._weight, self._shared = work, weight, shared
        self._bounds = bounds
        self._queue: list[_Waiting[Item, Result]] = []
        self._group: list[_Waiting[Item, Result]] = []
        self._load = 0
        self._idle: asyncio.Future[None] | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=name)

    async def __call__(self, item: Item) -> Result:
        """Return what ``work`` makes of ``item``.

        Raises:
            FullError: at once, when too much is waiting already.
            Exception: whatever ``work`` raises for it.
        """
        weight = self._weight(item)
        if self._load and self._load + weight > self._bounds.waiting:
            raise FullError
        answer: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._queue.append((item, answer))
        self._load += weight
        if self._idle is None:
            loop = answer.get_loop()
            self._idle = loop.create_future()
            # Not at once: what came in with it belongs to its group.
            loop.call_soon(self._begin, loop)
        return await answer

    @property
    def load(self) -> int:
        """The weight of what waits or is under way."""
        return self._load

    @property
    def is_full(self) -> bool:
        """Whether nothing more may wait, however light it is."""
        return self._load >= self._bounds.waiting

    async def close(self) -> None:
        """Finish what is waiting, then end the thread."""
        if self._idle is not None:
            await self._idle
        self._thread.shutdown()

    def _begin(self, loop: asyncio.AbstractEventLoop) -> None:
        self._group = self._take()
        self._thread.submit(self._work_off, [item for item, _ in self._group], loop)

    def _work_off(self, items: Sequence[Item], loop: asyncio.AbstractEventLoop) -> None:
        outcomes: Sequence[Result | Exception]
        try:
            outcomes = self._outcomes(items)
        except BaseException as error:  # a library that panics leaves nobody waiting for ever
            outcomes = [RuntimeError(f"the work ended with {type(error).__name__}")] * len(items)
        # One step from the thread to the answers: a task that waits for an executor takes three.
        loop.call_soon_threadsafe(self._end, outcomes, loop)

    def _end(self, outcomes: Sequence[Result | Exception], loop: asyncio.AbstractEventLoop) -> None:
        group = self._group
        self._load -= sum(self._weight(item) for item, _ in group)
        if self._queue:
            self._begin(loop)
        elif self._idle is not None:
            self._idle.set_result(None)
            self._idle = None
        for (_, answer), outcome in zip(group, outcomes, strict=True):
            if answer.done():  # the client has gone
                continue
            if isinstance(outcome, Exception):
                answer.set_exception(outcome)
            else:
                answer.set_result(outcome)

    def _take(self) -> list[_Waiting[Item, Result]]:
        count = load = 0
        for item, _ in self._queue:
            load += self._weight(item)
            if count and load > self._bounds.group:
                break
            count += 1
        group, self._queue = self._queue[:count], self._queue[count:]
        return group

    def _outcomes(self, items: Sequence[Item]) -> Sequence[Result | Exception]:
        try:
            return self._work(items)
        except Exception as error:
            if len(items) == 1 or isinstance(error, self._shared):
                return [error] * len(items)
            return [self._outcomes([item])[0] for item in items]
