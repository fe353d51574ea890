"""The rules that only a whole column can keep or break."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import override

from data_checks.clause import BlamingClause, Share, TableClause, percent


class Unique(BlamingClause):
    """No two rows have the same value, case and spaces evened out; every row of a group breaks it."""

    rule: Literal["unique"]

    @override
    def sentence(self) -> str:
        return "has no value twice"

    @override
    def remedy(self, text: str | None) -> str:
        return f"merge the rows that share this {self.field}"


class MissingShare(TableClause):
    """At most the share ``at_most`` of the rows leaves the field empty."""

    rule: Literal["missing_share"]
    at_most: Share

    @override
    def sentence(self) -> str:
        return f"is empty in at most {percent(self.at_most)} of the rows"


class Freshness(TableClause):
    """The newest value is no more than ``within_days`` before the moment of the check."""

    rule: Literal["freshness"]
    within_days: Annotated[float, Field(gt=0)]

    @override
    def sentence(self) -> str:
        return f"has a value of the last {self.within_days:g} days"
