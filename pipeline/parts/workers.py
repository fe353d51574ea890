"""Computing parts in processes of this machine, one for each core."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, Self

from data_checks.errors import BatonError

PartTask = Callable[[int], int]
"""Computes a part, given its number, and returns how many rows it has."""

MEMORY_KEPT: Final[Mapping[str, str]] = {
    # Arrays of a few megabytes come and go with each block of leads. By default the GNU C library gives such
    # memory back to the system each time and asks for it anew, which took up to a third of the time.
    "MALLOC_MMAP_THRESHOLD_": str(2**25),
    "MALLOC_TRIM_THRESHOLD_": str(2**29),
}

WORKER_ENVIRONMENT: Final[Mapping[str, str]] = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OMP_WAIT_POLICY": "passive",
    **MEMORY_KEPT,
}
"""What a process that computes parts is started with: one thread, and memory to use again."""


class Workers:
    """So many processes at most. They start when they are first needed and end with the ``with`` block."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._open = ExitStack()
        self._pool: ProcessPoolExecutor | None = None
        self._tasks = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *fault: object) -> None:
        if self._pool:
            self._pool.shutdown(cancel_futures=True)
        self._open.close()

    def compute(self, task: PartTask, parts: Sequence[int]) -> Iterator[int]:
        """Compute the parts and yield the rows of each as it is done, in any order.

        One part alone, and all parts if there is to be one worker, are computed in this process.

        Raises:
            BatonError: A worker died.
        """
        if min(self.most, len(parts)) <= 1:
            yield from map(task, parts)
            return
        pool = self._pool = self._pool or self._started()
        path = self._written(task)
        try:
            for done in as_completed([pool.submit(_compute, path, part) for part in parts]):
                yield done.result()
        except BrokenProcessPool as fault:
            raise BatonError(
                "every worker lives until its parts are done",
                f"one of {self.most} died, perhaps for want of memory",
                "run again, what is done is kept; with less memory set fewer features.workers",
            ) from fault

    def _started(self) -> ProcessPoolExecutor:
        from multiprocessing import get_context

        self._folder = Path(self._open.enter_context(TemporaryDirectory(prefix="baton-tasks-")))
        self._open.enter_context(environment(WORKER_ENVIRONMENT))
        pool = ProcessPoolExecutor(self.most, get_context("spawn"), _end_with_parent)
        return self._open.enter_context(pool)

    def _written(self, task: PartTask) -> str:
        """Write the task where each worker reads it once.

        Sent through the pipe to a worker that dies while it starts, a task longer than the pipe would
        never arrive, and the sender would wait for ever.
        """
        self._tasks += 1
        path = self._folder / str(self._tasks)
        with path.open("wb") as file:
            pickle.dump(task, file, protocol=pickle.HIGHEST_PROTOCOL)
        return str(path)


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def environment(values: Mapping[str, str]) -> Iterator[None]:
    """Set environment variables for a while: processes that start meanwhile keep them."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _compute(path: str, part: int) -> int:
    return _task(path)(part)


@lru_cache(maxsize=1)
def _task(path: str) -> PartTask:
    """Return the latest task, which may hold much: those before it are let go."""
    with Path(path).open("rb") as file:
        task: PartTask = pickle.load(file)  # noqa: S301 - the process that asked wrote it a moment ago
    return task


def _end_with_parent() -> None:
    """End this worker when the process that started it does."""
    import threading

    threading.Thread(target=_wait_for_parent, daemon=True).start()


def _wait_for_parent() -> None:
    # A killed parent tells nobody: its workers would wait for the next part for ever.
    from multiprocessing import parent_process
    from multiprocessing.connection import wait

    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
