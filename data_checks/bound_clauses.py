"""The rules that hold a number or a moment between bounds."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Annotated, Any, Literal, Self

from pydantic import Field, field_validator, model_validator
from typing_extensions import override

from data_checks.clause import DAY, Reader, RowClause, Terms
from data_checks.predicates import Between, Predicate
from data_checks.reading import parse_number, parse_time


class Range(RowClause):
    """The number, or the moment, lies between ``min`` and ``max``, both included; one may be left out."""

    rule: Literal["range"]
    min: float | str | None = None
    max: float | str | None = None

    @field_validator("min", "max", mode="before")
    @classmethod
    def _is_number_or_moment(cls, bound: object) -> object:
        is_number = isinstance(bound, int | float) and not isinstance(bound, bool) and math.isfinite(bound)
        if bound is None or is_number or (isinstance(bound, str) and parse_time(bound) is not None):
            return bound
        raise ValueError("a bound is a number, or a date like 2026-01-31")

    @model_validator(mode="after")
    def _bounds_make_sense(self) -> Self:
        if self.min is None and self.max is None:
            raise ValueError("a range has a min, a max or both")
        if isinstance(self.min, str) != isinstance(self.max, str) and None not in (self.min, self.max):
            raise ValueError("min and max are both numbers or both dates")
        low, high = self.bounds
        if low is not None and high is not None and low > high:
            raise ValueError("min is no larger than max")
        return self

    @property
    def is_of_time(self) -> bool:
        """Whether the bounds are moments."""
        return isinstance(self.min, str) or isinstance(self.max, str)

    @property
    def bounds(self) -> tuple[float | None, float | None]:
        """The bounds as numbers: of the field, or of microseconds since 1970 UTC."""
        return _bound(self.min), _bound(self.max)

    @property
    @override
    def view(self) -> str:
        return "as a moment" if self.is_of_time else "as a number"

    @override
    def reader(self, terms: Terms) -> Reader:
        parse, beyond = parse_time if self.is_of_time else parse_number, Between(*self.bounds).beyond

        def read(text: str) -> float:
            number = parse(text)
            return beyond if number is None else float(number)

        return read

    @override
    def of_moments(self, terms: Terms) -> Callable[[Any], Any] | None:
        return _as_it_is if self.is_of_time else None

    @override
    def predicate(self, terms: Terms) -> Predicate:
        return Between(*self.bounds)

    @override
    def sentence(self) -> str:
        noun = "a moment" if self.is_of_time else "a number"
        low, high = (f"{x:,.12g}" if isinstance(x, float) else x for x in (self.min, self.max))
        if self.min is None or self.max is None:
            return f"is {noun} of at least {low}" if self.max is None else f"is {noun} of at most {high}"
        return f"is {noun} from {low} to {high}"

    @override
    def remedy(self, text: str | None) -> str:
        if not self.is_of_time and parse_number(text) is None:
            return f"write {self.field} in plain digits, without words, units or thousands separators"
        if self.is_of_time and parse_time(text) is None:
            return f"write {self.field} as 2026-01-31 or 2026-01-31T09:30:00Z"
        return f"correct {self.field} in the CRM, or change the bounds by agreement"


class Recent(RowClause):
    """The date is no more than ``within_days`` before the moment of the check."""

    rule: Literal["recent"]
    within_days: Annotated[float, Field(gt=0)]

    @property
    @override
    def view(self) -> str:
        return "as its age in days"

    @override
    def reader(self, terms: Terms) -> Reader | None:
        age = self.of_moments(terms)
        if age is None:
            return None

        def read(text: str) -> float:
            moment = parse_time(text)
            return float("inf") if moment is None else age(moment)

        return read

    @override
    def of_moments(self, terms: Terms) -> Callable[[Any], Any] | None:
        now = terms.now
        return None if now is None else lambda moments: (now - moments) / DAY

    @override
    def predicate(self, terms: Terms) -> Predicate:
        return Between(None, self.within_days)

    @override
    def sentence(self) -> str:
        return f"is a date of the last {self.within_days:g} days"

    @override
    def remedy(self, text: str | None) -> str:
        return f"look {self.field} up again"


def _bound(written: float | str | None) -> float | None:
    number = parse_time(written) if isinstance(written, str) else written
    return None if number is None else float(number)


def _as_it_is(moments: Any) -> Any:  # noqa: ANN401  one number or an array of them
    return moments * 1.0
