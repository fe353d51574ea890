"""The columns of activities that features look at: the tables' own, and what follows from them."""

from __future__ import annotations

from typing import Final

import numpy as np

from features.records import Events
from features.text_column import TextColumn

COLUMNS: Final = ("activity_type", "direction", "type_and_direction", "asset", "asset_kind", "product")
"""The columns whose common texts have features of their own; the third and the fifth are in no table."""


def activity_column(activities: Events, column: str) -> TextColumn:
    """Return a column of activities by its name.

    ``asset_kind`` is what stands before the colon in an asset's name (``White Paper: Data Quality``),
    ``type_and_direction`` the two texts together, where there is a direction.
    """
    if column == "asset_kind":
        return activities.texts["asset"].relabelled(kind_of_asset)
    if column == "type_and_direction":
        return _together(activities.texts["activity_type"], activities.texts["direction"])
    return activities.texts[column]


def kind_of_asset(asset: str) -> str | None:
    """Return the kind that an asset's name begins with, or None.

    >>> kind_of_asset("White Paper: Data Quality")
    'White Paper'
    """
    kind, colon, _ = asset.partition(":")
    return kind.strip() if colon and kind.strip() else None


def _together(left: TextColumn, right: TextColumn) -> TextColumn:
    missing = (left.codes < 0) | (right.codes < 0)
    pairs = left.codes.astype(np.int64) * max(len(right.labels), 1) + right.codes
    found, codes = np.unique(np.where(missing, -1, pairs), return_inverse=True)
    named = [divmod(int(pair), max(len(right.labels), 1)) for pair in found]
    labels = tuple(f"{left.labels[first]} {right.labels[second]}" for first, second in named if first >= 0)
    gap = len(found) - len(labels)
    return TextColumn((codes - gap).astype(np.int32), labels)
