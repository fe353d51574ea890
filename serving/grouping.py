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
        self._load = 0
        self._running: asyncio.Task[None] | None = None
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
        if self._running is None:
            self._running = asyncio.create_task(self._run())
        return await answer

    @property
    def load(self) -> int:
        """The weight of what waits or is under way."""
        return self._load

    async def close(self) -> None:
        """Finish what is waiting, then end the thread."""
        if self._running is not None:
            await self._running
        self._thread.shutdown()

    async def _run(self) -> None:
        try:
            while self._queue:
                await self._answer(self._take())
        finally:
            self._running = None

    def _take(self) -> list[_Waiting[Item, Result]]:
        count = load = 0
        for item, _ in self._queue:
            load += self._weight(item)
            if count and load > self._bounds.group:
                break
            count += 1
        group, self._queue = self._queue[:count], self._queue[count:]
        return group

    async def _answer(self, group: list[_Waiting[Item, Result]]) -> None:
        items = [item for item, _ in group]
        outcomes = await asyncio.get_running_loop().run_in_executor(self._thread, self._outcomes, items)
        self._load -= sum(map(self._weight, items))
        for (_, answer), outcome in zip(group, outcomes, strict=True):
            if answer.done():  # the client has gone
                continue
            if isinstance(outcome, Exception):
                answer.set_exception(outcome)
            else:
                answer.set_result(outcome)

    def _outcomes(self, items: Sequence[Item]) -> Sequence[Result | Exception]:
        try:
            return self._work(items)
        except Exception as error:
            if len(items) == 1 or isinstance(error, self._shared):
                return [error] * len(items)
            return [self._outcomes([item])[0] for item in items]
