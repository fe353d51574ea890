"""Which rows of a file are meant."""

from __future__ import annotations

import re
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from pipeline.sources.column_rule import Moment, TimeFormat, TimeZone
from pipeline.sources.section import Name, OneOrMany, Section


def _compiles(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"{pattern!r} is no regular expression: {error}") from error
    return pattern


Pattern = Annotated[str, AfterValidator(_compiles)]


class RowRule(Section):
    """A test of one column's cell; every test that is named must hold.

    ``is`` and ``not`` compare texts, case and outer spaces evened out; ``matches`` and ``not_matches``
    search for a regular expression (RE2); ``since`` and ``before`` compare moments, ``at_least`` and
    ``at_most`` numbers, all of them including the first bound.
    """

    column: Name
    is_: OneOrMany[str] = Field(default=(), alias="is")
    not_: OneOrMany[str] = Field(default=(), alias="not")
    matches: Pattern | None = None
    not_matches: Pattern | None = None
    since: Moment | None = None
    before: Moment | None = None
    at_least: float | None = None
    at_most: float | None = None
    format: OneOrMany[TimeFormat] = ()
    timezone: TimeZone | None = None

    @model_validator(mode="after")
    def _tests_something(self) -> Self:
        if not self.tests:
            raise ValueError(f"a rule for rows tests something: one of {', '.join(TESTS)}")
        return self

    @property
    def tests(self) -> tuple[str, ...]:
        """The keys of the tests that are named."""
        given = {
            "is": self.is_ != (),
            "not": self.not_ != (),
            "matches": self.matches is not None,
            "not_matches": self.not_matches is not None,
            "since": self.since is not None,
            "before": self.before is not None,
            "at_least": self.at_least is not None,
            "at_most": self.at_most is not None,
        }
        return tuple(key for key, is_given in given.items() if is_given)


TESTS = ("is", "not", "matches", "not_matches", "since", "before", "at_least", "at_most")
