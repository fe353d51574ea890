"""What became of the leads with each value of the strongest features, by when they came and what they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.bands import places_of
from models.effect_table import EffectTable, FeatureEffect
from models.training_rows import TrainingRows
from pipeline.project import Project
from pipeline.training import read_chosen_rows, read_lead_ids

STRONGEST: Final = 25
"""Features beyond these move scores too little for anybody to ask by period."""

MOST_VALUES: Final = 12
ANY_OTHER: Final = "any other"
NOT_KNOWN: Final = "not known"

WAYS: Final = {
    "source": "source_group",
    "industry": "industry",
    "size": "size",
    "country": "country",
}
"""Ways of parting leads, by their column of the table ``leads``."""

_TYPES: Final = {
    "feature": "str",
    "place": "int64",
    "label": "str",
    "way": "str",
    "value": "str",
    "leads": "float64",
    "looks": "int64",
    "won": "int64",
}

Codes = NDArray[np.intp]


@dataclass(frozen=True)
class Parted:
    """A way of parting rows: the number of each row's part, and the parts' names."""

    way: str
    codes: Codes
    names: list[str]


def banded(
    project: Project, effects: EffectTable, strongest: Sequence[str], leads: pd.DataFrame
) -> pd.DataFrame:
    """Return the table ``banded``: of each band of a feature, leads and conversions by period and segment.

    ``leads`` is the pages' table of that name. A lead counts once in all, shared out over the looks at it,
    as in the table ``effects``: ``leads`` of its bands add up to those. ``won`` are ``looks`` after which
    the target was reached in time. ``way`` is ``period``, the quarter that a lead was created in, or a way
    of `WAYS`, of which the twelve commonest values are told.
    """
    known = [one for one in effects.features if one.feature in set(strongest[:STRONGEST])]
    empty = pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in _TYPES.items()})
    if not known:
        return empty
    rows = read_chosen_rows(project, [one.feature for one in known])
    parted = list(_parted(project, rows, leads))
    _, place, looks = np.unique(rows.lead, return_inverse=True, return_counts=True)
    found = [_counted(one, rows, 1.0 / looks[place], way) for one in known for way in parted]
    return pd.concat([empty, *found], ignore_index=True).astype(_TYPES)


def _parted(project: Project, rows: TrainingRows, leads: pd.DataFrame) -> Iterator[Parted]:
    numbers, place = np.unique(rows.lead, return_inverse=True)
    own = leads.set_index("lead_id").reindex(read_lead_ids(project, numbers))
    quarters = pd.PeriodIndex(own["created_at"].dt.tz_localize(None), freq="Q")
    periods = pd.Series([f"{one.year} Q{one.quarter}" for one in quarters], index=own.index)
    yield _part("period", periods, place, len(periods))
    for way, column in WAYS.items():
        yield _part(way, own[column], place, MOST_VALUES)


def _part(way: str, values: pd.Series, place: Codes, most: int) -> Parted:
    common = values.value_counts().index[:most]
    named = values.where(values.isin(common) | values.isna(), ANY_OTHER).fillna(NOT_KNOWN)
    names, codes = np.unique(named.to_numpy(str), return_inverse=True)
    return Parted(way, codes[place], names.tolist())


def _counted(
    one: FeatureEffect, rows: TrainingRows, weight: NDArray[np.float64], parted: Parted
) -> pd.DataFrame:
    bands, names = places_of(one.cuts, rows.matrix[:, rows.names.index(one.feature)]), parted.names
    cell, size = bands * len(names) + parted.codes, len(one.bands) * len(names)
    looks = np.bincount(cell, minlength=size)
    there = np.flatnonzero(looks)
    place = there // len(names)
    return pd.DataFrame(
        {
            "feature": one.feature,
            "place": place,
            "label": [one.bands[band].label for band in place.tolist()],
            "way": parted.way,
            "value": [names[value] for value in (there % len(names)).tolist()],
            "leads": np.bincount(cell, weight, size)[there],
            "looks": looks[there],
            "won": np.bincount(cell, rows.label, size)[there].astype(np.int64),
        }
    )
