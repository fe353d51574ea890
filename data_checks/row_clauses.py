"""The rules that one value can keep or break; those about bounds stand in a file of their own."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, field_validator
from typing_extensions import override

from data_checks.bound_clauses import Range, Recent
from data_checks.clause import Reader, RowClause, Terms
from data_checks.folding import fold, mixed_alphabets
from data_checks.predicates import OneOf, Predicate, Present
from data_checks.reading import as_text
from data_checks.scales import Scale, scale_named
from data_checks.value_types import VALUE_TYPES, ValueType

__all__ = ["Allowed", "OnScale", "Pattern", "Range", "Recent", "Reference", "Required", "Type"]

Text = Annotated[str, BeforeValidator(as_text), Field(min_length=1)]

# A pattern is read on at most so many characters: some patterns take exponential time on long texts.
LONGEST_MATCHED = 1000


def _with_variants(values: object) -> object:
    """Return the written values as a mapping to lists of variants, whichever way they were written."""
    if isinstance(values, list | tuple):
        return dict.fromkeys((as_text(value) for value in values), ())
    if isinstance(values, Mapping):
        return {key: [one] if isinstance(one, str) else one or () for key, one in values.items()}
    return values


class Required(RowClause):
    """The field is filled in."""

    rule: Literal["required"]

    @property
    @override
    def view(self) -> str:
        return "as filled in"

    @override
    def reader(self, terms: Terms) -> Reader:
        return str

    @override
    def predicate(self, terms: Terms) -> Predicate:
        return Present()

    @override
    def sentence(self) -> str:
        return "is filled in"

    @override
    def remedy(self, text: str | None) -> str:
        return f"fill in {self.field}"


class Type(RowClause):
    """The value reads as a number, an integer, a date, a boolean, an email address or a web address."""

    rule: Literal["type"]
    is_: ValueType = Field(alias="is")

    @property
    @override
    def view(self) -> str:
        return f"read as {self.is_}"

    @override
    def reader(self, terms: Terms) -> Reader:
        reads, kind, quote, field = VALUE_TYPES[self.is_].reads, self.is_, terms.quote, self.field
        return lambda text: kind if reads(text) else quote(field, text)

    @override
    def predicate(self, terms: Terms) -> Predicate:
        return OneOf(frozenset({self.is_}))

    @override
    def sentence(self) -> str:
        return f"is {VALUE_TYPES[self.is_].words}"

    @override
    def remedy(self, text: str | None) -> str:
        return VALUE_TYPES[self.is_].remedy


class Allowed(RowClause):
    """The value is one of a list; case, spaces and the named spelling variants are evened out.

    ``values`` is a list, or a mapping from each agreed value to its further spellings.
    """

    rule: Literal["allowed"]
    values: Annotated[Mapping[Text, tuple[Text, ...]], BeforeValidator(_with_variants)] = Field(min_length=1)

    @cached_property
    def spellings(self) -> Mapping[str, str]:
        """From each folded spelling to the agreed value."""
        return {fold(spelling): value for spelling, value in self._spelled_out()}

    def _spelled_out(self) -> list[tuple[str, str]]:
        return [(one, value) for value, variants in self.values.items() for one in (value, *variants)]

    @field_validator("values")
    @classmethod
    def _spellings_are_distinct(cls, values: Mapping[str, tuple[str, ...]]) -> Mapping[str, tuple[str, ...]]:
        owner: dict[str, str] = {}
        for value, variants in values.items():
            for folded in {fold(spelling) for spelling in (value, *variants)}:
                if owner.setdefault(folded, value) != value:
                    raise ValueError(
                        f"a spelling means one value; {folded!r} means {owner[folded]} and {value}"
                    )
        return values

    def spelled(self, text: str) -> str | None:
        """Return the agreed value that ``text`` is a spelling of, or None."""
        return self.spellings.get(fold(text))

    @property
    @override
    def view(self) -> str:
        return "spelling evened out"

    @override
    def reader(self, terms: Terms) -> Reader:
        spellings, quote, field = self.spellings, terms.quote, self.field

        def read(text: str) -> str:
            folded = fold(text)
            return spellings.get(folded) or quote(field, folded)

        return read

    @override
    def predicate(self, terms: Terms) -> Predicate:
        return OneOf(frozenset(self.values))

    @override
    def sentence(self) -> str:
        return f"is one of {', '.join(self.values)}"

    @override
    def remedy(self, text: str | None) -> str:
        if text and (alphabets := mixed_alphabets(text)):
            return f"type {self.field} again, it mixes {' and '.join(alphabets)} letters that look alike"
        close = difflib.get_close_matches(fold(text or "")[:100], self.spellings, n=1, cutoff=0.75)
        if close:
            return f"if {self.spellings[close[0]]!r} is meant, correct {self.field} or add this spelling"
        return f"correct {self.field}, or agree on the new value under values"


class Pattern(RowClause):
    """The value matches a regular expression from end to end (Python's ``re``, case as written)."""

    rule: Literal["pattern"]
    matches: Annotated[str, Field(min_length=1)]

    @field_validator("matches")
    @classmethod
    def _compiles(cls, pattern: str) -> str:
        try:
            re.compile(pattern)
        except re.error as error:
            raise ValueError(f"a pattern is a regular expression; this one has {error}") from error
        return pattern

    @property
    @override
    def view(self) -> str:
        return "held against the pattern"

    @override
    def reader(self, terms: Terms) -> Reader:
        matches, quote, field = re.compile(self.matches).fullmatch, terms.quote, self.field

        def read(text: str) -> str:
            text = text.strip()
            return "matches" if len(text) <= LONGEST_MATCHED and matches(text) else quote(field, text)

        return read

    @override
    def predicate(self, terms: Terms) -> Predicate:
        return OneOf(frozenset({"matches"}))

    @override
    def sentence(self) -> str:
        return f"has the form {self.matches}"


class OnScale(RowClause):
    """The rating stands on an ordered scale, and at least on one of the floors, if there are any.

    The scale is ``bbb``, ``dnb`` or one of the agreement's own. A D&B floor has two parts, and both
    hold: 1A3 asks for a strength of 1A or more *and* an appraisal of 3 or better. A designation that
    means "not rated" (BBB's NR, D&B's NQ, ER5 ...) counts as missing.
    """

    rule: Literal["scale"]
    scale: str
    at_least: tuple[Text, ...] = ()

    @field_validator("at_least", mode="before")
    @classmethod
    def _one_or_many(cls, floors: object) -> object:
        return floors if isinstance(floors, list | tuple) else (floors,)

    def passing(self, scales: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
        """Return the ratings that keep the clause, best first."""
        scale = self._on(scales)
        if not self.at_least:
            return scale.ratings
        met = {rating for floor in self.at_least for rating in scale.meeting(floor)}
        return tuple(rating for rating in scale.ratings if rating in met)

    def _on(self, scales: Mapping[str, tuple[str, ...]]) -> Scale:
        return scale_named(self.scale, scales) or Scale(self.scale, ())

    @property
    @override
    def view(self) -> str:
        return f"as a {self._on({}).title} rating"

    @override
    def reader(self, terms: Terms) -> Reader:
        scale = self._on(terms.scales)

        def read(text: str) -> str | None:
            if scale.is_unrated(text):
                return None
            return scale.rating(text) or terms.quote(self.field, text)

        return read

    @override
    def predicate(self, terms: Terms) -> Predicate:
        return OneOf(frozenset(self.passing(terms.scales)))

    @override
    def sentence(self) -> str:
        floor = f" of at least {' or '.join(self.at_least)}" if self.at_least else ""
        return f"is a {self._on({}).title} rating{floor}"

    @override
    def remedy(self, text: str | None) -> str:
        return f"look {self.field} up again, or change the scale or its floor by agreement"


class Reference(RowClause):
    """The id is found in another table's column, given as ``table.column``."""

    rule: Literal["reference"]
    to: Annotated[str, Field(pattern=r"^[a-z_]+\.[a-z_0-9]+$")]

    @property
    @override
    def view(self) -> str:
        return f"looked up in {self.to}"

    @override
    def reader(self, terms: Terms) -> Reader | None:
        known = terms.known.get(self.to)
        if known is None:
            return None
        quote, field = terms.quote, self.field
        return lambda text: "found" if text.strip() in known else quote(field, text)

    @override
    def predicate(self, terms: Terms) -> Predicate:
        return OneOf(frozenset({"found"}))

    @override
    def sentence(self) -> str:
        return f"is found in {self.to}"

    @override
    def remedy(self, text: str | None) -> str:
        return f"correct {self.field}, or bring the missing row into {self.to.partition('.')[0]}"
