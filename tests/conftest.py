"""How Hypothesis looks for counter-examples, alike on every run, and which tests begin.

`--hypothesis-profile=hunt` looks longer.
"""

from collections import Counter

import pytest
from hypothesis import HealthCheck, settings

LONGEST = (
    "tests/laws/test_whole_way",
    "tests/examples/",
    "tests/laws/",
    "tests/serving/window/",
    "tests/serving/test_workers",
    "tests/serving/test_faults",
    "tests/serving/test_bento",
    "tests/serving/test_contract",
    "tests/serving/test_live",
)

settings.register_profile(
    "repeatable",
    max_examples=20,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("hunt", settings.get_profile("repeatable"), max_examples=1000, derandomize=False)
settings.load_profile("repeatable")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest, so that no process is left alone with one at the end."""
    for item in items:
        # Schemathesis calls the tests of all operations alike, and of equal names xdist runs one. One of them
        # alone is run with `-k "POST /score"`: pytest has read its own arguments before.
        if operation := getattr(item, "operation_label", None):
            item._id = item.id.with_params(operation)
    twice = [name for name, count in Counter(item.nodeid for item in items).items() if count > 1]
    if twice:
        raise pytest.UsageError(f"each test has a name of its own, or xdist runs one of them alone: {twice}")
    items.sort(key=lambda item: next((n for n, one in enumerate(LONGEST) if item.nodeid.startswith(one)), 99))
