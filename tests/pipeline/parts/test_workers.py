import os
import signal
from dataclasses import dataclass

import pytest

from data_checks.errors import BatonError
from pipeline.parts.workers import PartTask, Workers


def tenfold(part: int) -> int:
    return 10 * part


def dies_at_two(part: int) -> int:
    if part == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return part


def fails_at_two(part: int) -> int:
    if part == 2:
        raise BatonError("two is refused", part, "leave it out")
    return part


@dataclass(frozen=True)
class DiesOnArrival:
    """A long task that kills the worker that reads it."""

    letter: bytes = bytes(10**6)

    def __call__(self, part: int) -> int:
        """Return the part, if anyone lives to ask."""
        return part

    def __setstate__(self, state: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)


def on_workers(task: PartTask, parts: range, workers: int) -> list[int]:
    with Workers(workers) as engine:
        return list(engine.compute(task, parts))


@pytest.mark.parametrize("workers", [1, 2, 9])
def test_every_part_is_computed_once(workers: int) -> None:
    """However many workers there are, each part comes back once, in any order."""
    assert sorted(on_workers(tenfold, range(5), workers)) == [0, 10, 20, 30, 40]


@pytest.mark.parametrize("task", [dies_at_two, DiesOnArrival()])
def test_a_worker_that_dies_is_told(task) -> None:
    """A worker killed at work, or while it starts, ends the run with what to do, and nothing waits for it."""
    with pytest.raises(BatonError, match="run again, what is done is kept"):
        on_workers(task, range(6), 2)


def test_a_fault_of_a_part_is_that_of_the_run() -> None:
    """An error that a part raises comes out as it was."""
    with pytest.raises(BatonError, match="two is refused"):
        on_workers(fails_at_two, range(6), 2)


def test_workers_have_one_thread_each_and_leave_the_environment_alone() -> None:
    """Libraries that would start a thread for each core are told not to, in the workers only."""
    before = dict(os.environ)
    assert on_workers(omp_threads, range(2), 2) == [1, 1]
    assert dict(os.environ) == before


def omp_threads(part: int) -> int:
    return int(os.environ["OMP_NUM_THREADS"])
