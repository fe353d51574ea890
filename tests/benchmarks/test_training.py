"""The benchmark of training times parts of `learn` by their names."""

from __future__ import annotations

import pytest

from benchmarks.training import PARTS


@pytest.mark.parametrize("part", PARTS)
def test_every_part_that_is_timed_is_there(part):
    """A part of learning that was renamed would end the benchmark after its first minutes."""
    owner, name = PARTS[part]
    assert callable(getattr(owner, name))
