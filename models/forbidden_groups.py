"""Whether a field that may not be used parts leads into groups, and into which."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import Final

import numpy as np

from data_checks.agreement import PERSONAL_FIELDS
from data_checks.reading import parse_number, parse_time
from features.moments import SECOND
from features.text_column import TextColumn
from features.vocabulary import common_labels, written_labels
from models.bins import Floats, number_bins, number_edges
from models.window import Kinds

LEADS_AT_LEAST: Final = 50
"""A smaller group is neither named nor judged: its figures are chance, its members could be guessed."""

MOST_GROUPS: Final = 8
BANDS: Final = 4
READABLE_SHARE: Final = 0.99
OWN_VALUE_SHARE: Final = 0.9
SMALL: Final = "small groups together"
NOT_KNOWN: Final = "not known"


@dataclass(frozen=True)
class Grouping:
    """The group of each lead by a field, or in ``why`` the reason that it has none."""

    field: str
    groups: Kinds | None = None
    why: str = ""


def grouping_of(field: str, texts: TextColumn) -> Grouping:
    """Return the groups that a field parts leads into; ``texts`` are its values, one of each lead.

    Labels are groups by themselves, numbers and dates in bands that hold equally many leads. A field in which
    nearly each lead has a value of its own is an identifier and no group, as is what names a person.
    """
    if field in PERSONAL_FIELDS:
        return Grouping(field, why="it says who somebody is: an identifier, and not a group")
    known = texts.folded()
    filled, distinct = int((known.codes >= 0).sum()), int((known.uses() > 0).sum())
    if not filled:
        return Grouping(field, why="it is filled in for no lead of the test")
    numbers = _as_numbers(texts, filled) if distinct > MOST_GROUPS else None
    measured = numbers is not None and not _whole(numbers)
    if distinct > OWN_VALUE_SHARE * filled and not measured:
        return Grouping(field, why=_identifier(distinct, filled))
    if numbers is not None:
        return _of_some(field, _banded(numbers))
    labels = common_labels(texts, LEADS_AT_LEAST, MOST_GROUPS)
    if not labels.labels:
        return Grouping(
            field, why=f"it has {distinct:,} values, and none of them is that of {LEADS_AT_LEAST} leads"
        )
    written = written_labels(texts)
    names = np.array([*(written.get(label, label) for label in labels.labels), SMALL, NOT_KNOWN])
    return _of_some(field, names[labels.codes(texts)])


def _of_some(field: str, names: Kinds) -> Grouping:
    """Return the grouping with each group of too few leads among the small ones."""
    groups, place, leads = np.unique(names, return_inverse=True, return_counts=True)
    told = np.where(leads >= LEADS_AT_LEAST, groups, SMALL)
    if (leads >= LEADS_AT_LEAST).sum() < 2:
        return Grouping(field, why=f"there are no two groups of at least {LEADS_AT_LEAST} leads each")
    return Grouping(field, told[place])


def _as_numbers(texts: TextColumn, filled: int) -> Floats | None:
    """Return the values as numbers, of dates the year; None if they are neither."""
    for read in (parse_number, _year):
        numbers = texts.numbers(read)
        if (~np.isnan(numbers)).sum() >= READABLE_SHARE * filled:
            return numbers
    return None


def _whole(numbers: Floats) -> bool:
    return bool((numbers[~np.isnan(numbers)] % 1 == 0).all())


def _year(text: str) -> float | None:
    moment = parse_time(text)
    return None if moment is None else float(datetime.fromtimestamp(moment // SECOND, UTC).year)


def _banded(numbers: Floats) -> Kinds:
    edges = number_edges(numbers, BANDS)
    if _whole(numbers):
        edges = np.unique(np.ceil(edges))
    ends = [f"{edge:.10g}" for edge in edges.tolist()]
    between = [f"{low} to below {high}" for low, high in pairwise(ends)]
    names = [f"below {ends[0]}", *between, f"{ends[-1]} and above"]
    return np.array([NOT_KNOWN, *names])[number_bins(numbers, edges)]


def _identifier(distinct: int, filled: int) -> str:
    return f"it has {distinct:,} values among {filled:,} leads: an identifier, and not a group"
