"""Who the lead is: the fields of company and person, as they were at the moment."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from data_checks.reading import parse_number, parse_time
from data_checks.scales import scale_rank
from features.feature import Case, Texts, Values, feature
from features.moments import DAY
from features.profile import ColumnKind, Profile
from features.view import View


def fields(kind: ColumnKind) -> Callable[[Profile], Iterable[Case]]:
    """Return the cases of a feature that is repeated for each lead column of one kind."""
    return lambda profile: ({"field": name} for name in profile.columns_of_kind(kind))


def field_labels(profile: Profile, field: str) -> Texts:
    """Return what the codes of a category column stand for."""
    return tuple(profile.vocabularies[field].shown.values())


@feature("demographic", "{field}", "{field}", each=fields("number"))
def field_number(view: View, field: str) -> Values:
    """Return the number that a field holds."""
    return view.field(field).numbers(parse_number)


@feature(
    "demographic",
    "{field}_rank",
    "{field} as a rank of its scale (higher is better)",
    each=fields("scale"),
)
def field_rank(view: View, field: str) -> Values:
    """Return the rank of a field on its agreed scale."""
    scale, labels = view.profile.scales[field], view.profile.scale_labels
    return view.field(field).numbers(lambda text: scale_rank(scale, text, labels))


@feature("demographic", "{field}", "{field}", each=fields("category"), categories=field_labels)
def field_category(view: View, field: str) -> Values:
    """Return the code of a field's category; the last code stands for every rare or unseen one."""
    return view.field_codes(field)


@feature("demographic", "days_since_{field}", "Days since {field}", each=fields("time"))
def field_age(view: View, field: str) -> Values:
    """Return how long ago the date lies that a field holds; negative if it lies ahead."""
    return (view.snapshots.as_of - view.field(field).numbers(parse_time)) / DAY


@feature("demographic", "{field}_known", "{field} is known (1) or not (0)", each=fields("presence"))
def field_known(view: View, field: str) -> Values:
    """Return whether a field that is too free to be a category is filled at all."""
    return view.field(field).filled()


@feature("demographic", "fields_known", "How many fields of company and person are filled in")
def fields_known(view: View) -> Values:
    """Return how many of the lead columns that are features hold anything."""
    filled = [view.field(name).filled() for name in sorted(view.profile.columns)]
    return np.sum(filled, axis=0) if filled else np.zeros(len(view.snapshots))
