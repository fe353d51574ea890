"""The rules that only a whole column can keep or break."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import override

from data_checks.clause import Clause, Share, TableClause


class Unique(Clause):
    """No two rows have the same value, case and spaces evened out; every row of a group breaks it."""

    rule: Literal["unique"]
    tolerate: Share | None = None

    @property
    def stops_above(self) -> float | None:
        """The share of breaches above which the run stops, or None if it never does."""
        if self.tolerate is None and self.breach == "stop":
            return 0.0
        return self.tolerate

    @override
    def sentence(self) -> str:
        return "has no value twice"


class MissingShare(TableClause):
    """At most the share ``at_most`` of the rows leaves the field empty."""

    rule: Literal["missing_share"]
    at_most: Share

    @override
    def sentence(self) -> str:
        return f"is empty in at most {self.at_most:.4g} of the rows"


class Freshness(TableClause):
    """The newest value is no more than ``within_days`` before the moment of the check."""

    rule: Literal["freshness"]
    within_days: Annotated[float, Field(gt=0)]

    @override
    def sentence(self) -> str:
        return f"has a value of the last {self.within_days:g} days"
