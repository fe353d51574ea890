"""What a clause asks of a value, said once for the table and for the single lead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Expectation = Literal[
    "expect_column_values_to_not_be_null",
    "expect_column_values_to_be_between",
    "expect_column_values_to_be_in_set",
]


@dataclass(frozen=True)
class Present:
    """There is a value; the only predicate that is asked of a missing one."""

    expectation: Expectation = "expect_column_values_to_not_be_null"

    def holds(self, seen: object) -> bool:
        """Answer for one value."""
        return seen is not None

    def arguments(self) -> dict[str, object]:
        """Return what the expectation is built with."""
        return {}


@dataclass(frozen=True)
class Between:
    """A number is no smaller than ``low`` and no larger than ``high``, where they are given."""

    low: float | None
    high: float | None
    expectation: Expectation = "expect_column_values_to_be_between"

    def holds(self, seen: object) -> bool:
        """Answer for one number."""
        if not isinstance(seen, int | float):
            return False
        return (self.low is None or seen >= self.low) and (self.high is None or seen <= self.high)

    def arguments(self) -> dict[str, object]:
        """Return what the expectation is built with."""
        return {"min_value": self.low, "max_value": self.high}

    @property
    def beyond(self) -> float:
        """A number outside the bounds: how a present but unreadable value is seen."""
        return float("inf") if self.high is not None else float("-inf")


@dataclass(frozen=True)
class OneOf:
    """A text is one of a set."""

    values: frozenset[str]
    expectation: Expectation = "expect_column_values_to_be_in_set"

    def holds(self, seen: object) -> bool:
        """Answer for one text."""
        return seen in self.values

    def arguments(self) -> dict[str, object]:
        """Return what the expectation is built with."""
        return {"value_set": sorted(self.values)}


Predicate = Present | Between | OneOf
