"""How Hypothesis looks for counter-examples, alike on every run, and which tests begin.

`--hypothesis-profile=hunt` looks longer.
"""

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
    items.sort(key=lambda item: next((n for n, one in enumerate(LONGEST) if item.nodeid.startswith(one)), 99))
