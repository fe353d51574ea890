"""Who the lead is: the fields of company and person, as they were at the moment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from data_checks.folding import is_missing
from data_checks.reading import parse_number, parse_time
from data_checks.scales import scale_rank
from features.feature import Feature, snake
from features.moments import DAY
from features.profile import Profile
from features.view import View


@dataclass(frozen=True)
class FieldNumber(Feature):
    """A field that holds a number."""

    field: str

    family = "demographic"

    @classmethod
    def declared(cls, profile: Profile) -> Iterable[Self]:
        """One for each number column."""
        return (cls(field) for field in profile.columns_of_kind("number"))

    @property
    def name(self) -> str:
        """The field's own name."""
        return snake(self.field)

    @property
    def sentence(self) -> str:
        """What the number means."""
        return words(self.field)

    def values(self, view: View) -> NDArray[Any]:
        """Return the number as of the moment."""
        return view.field(self.field).numbers(parse_number)


@dataclass(frozen=True)
class FieldScale(Feature):
    """A field on an agreed ordered scale, as its rank: higher is better."""

    field: str
    scale: str

    family = "demographic"

    @classmethod
    def declared(cls, profile: Profile) -> Iterable[Self]:
        """One for each column with an agreed scale."""
        return (cls(field, profile.scales[field]) for field in profile.columns_of_kind("scale"))

    @property
    def name(self) -> str:
        """The field and what is taken of it."""
        return f"{snake(self.field)}_rank"

    @property
    def sentence(self) -> str:
        """What the number means."""
        return f"{words(self.field)} as a rank of its scale (higher is better)"

    def values(self, view: View) -> NDArray[Any]:
        """Return the rank as of the moment."""
        scales = view.profile.scale_labels
        return view.field(self.field).numbers(lambda text: scale_rank(self.scale, text, scales))


@dataclass(frozen=True)
class FieldCategory(Feature):
    """A field that names one of a limited number of things."""

    field: str

    family = "demographic"
    categorical = True

    @classmethod
    def declared(cls, profile: Profile) -> Iterable[Self]:
        """One for each category column."""
        return (cls(field) for field in profile.columns_of_kind("category"))

    @property
    def name(self) -> str:
        """The field's own name."""
        return snake(self.field)

    @property
    def sentence(self) -> str:
        """What the category means."""
        return words(self.field)

    def values(self, view: View) -> NDArray[Any]:
        """Return the code of the category; the last code stands for every rare or unseen one."""
        return view.field_codes(self.field)

    def told(self, value: float, profile: Profile) -> str:
        """Return the sentence with the category's label."""
        return f"{self.sentence}: {self.shown(value, profile) or 'not known'}"

    def shown(self, value: float, profile: Profile) -> float | str | None:
        """Return the category's label."""
        return label_of(value, profile.vocabularies[self.field].labels)


@dataclass(frozen=True)
class FieldAge(Feature):
    """A field that holds a date, as days before the moment."""

    field: str

    family = "demographic"

    @classmethod
    def declared(cls, profile: Profile) -> Iterable[Self]:
        """One for each date column."""
        return (cls(field) for field in profile.columns_of_kind("time"))

    @property
    def name(self) -> str:
        """The field and what is taken of it."""
        return f"days_since_{snake(self.field)}"

    @property
    def sentence(self) -> str:
        """What the number means."""
        return f"Days since {words(self.field)}"

    def values(self, view: View) -> NDArray[Any]:
        """Return the days; negative if the date lies ahead."""
        moments = view.field(self.field).numbers(parse_time)
        return (view.snapshots.as_of - moments) / DAY


@dataclass(frozen=True)
class FieldKnown(Feature):
    """Whether a field that is too free to be a category is filled at all."""

    field: str

    family = "demographic"

    @classmethod
    def declared(cls, profile: Profile) -> Iterable[Self]:
        """One for each free-text column."""
        return (cls(field) for field in profile.columns_of_kind("presence"))

    @property
    def name(self) -> str:
        """The field and what is taken of it."""
        return f"{snake(self.field)}_known"

    @property
    def sentence(self) -> str:
        """What the number means."""
        return f"{words(self.field)} is known (1) or not (0)"

    def values(self, view: View) -> NDArray[Any]:
        """Return 1 where the field has a text and 0 elsewhere."""
        filled = view.field(self.field).numbers(lambda text: 0.0 if is_missing(text) else 1.0)
        return np.nan_to_num(filled)


def words(field: str) -> str:
    """Return a column's name in words.

    >>> words("number_of_employees")
    'Number of employees'
    """
    return field.replace("_", " ").strip().capitalize()


def label_of(code: float, labels: tuple[str, ...]) -> str | None:
    """Return the label of a category's code; None if the category is missing."""
    if np.isnan(code) or code < 0:
        return None
    return labels[int(code)] if code < len(labels) else "any other"
