"""Of which kind a lead was at a moment: its source, industry, country, size and stage, in people's words."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from data_checks.agreement import Agreement
from data_checks.reading import parse_number
from data_checks.stages import STAGE_NAMES
from features.fields_as_of import field_as_of
from features.lead_clauses import canonical_of, spellings_of
from features.records import Records, Snapshots, by_blocks
from features.text_column import TextColumn, from_texts
from features.vocabulary import common_labels, written_labels
from models.outcomes import stages_at
from models.window import Kinds

FIELDS: Final = ("lead_source", "industry", "country")
SIZE: Final = "number_of_employees"
BANDS: Final = {1: "1 to 9", 10: "10 to 49", 50: "50 to 249", 250: "250 to 999", 1000: "1,000 and more"}
"""Size bands by their least number of employees."""

ANY_OTHER: Final = "any other"


def lead_kinds(records: Records, snapshots: Snapshots, agreement: Agreement) -> dict[str, Kinds]:
    """Return for each way of parting leads the part of each snapshot; "" is not known.

    They are read from the records and not from features, so that leads can be told apart by what a model
    may not look at.
    """
    kinds = {
        name: _labels(texts_at(records, snapshots, name), name, agreement)
        for name in FIELDS
        if name in records.fields
    }
    if SIZE in records.fields:
        kinds[SIZE] = size_bands(texts_at(records, snapshots, SIZE))
    if len(records.stage_changes):
        kinds["stage"] = np.array([*STAGE_NAMES, ""])[stages_at(records, snapshots, agreement)]
    return kinds


def size_bands(texts: TextColumn) -> Kinds:
    """Return the size band of each text that reads as a number of 1 or more."""
    least = np.array(list(BANDS))
    names = np.array(["", *BANDS.values()])
    numbers = texts.numbers(parse_number)
    return names[np.searchsorted(least, np.nan_to_num(numbers, nan=0.0), side="right")]


def texts_at(records: Records, snapshots: Snapshots, field: str) -> TextColumn:
    """Return what a lead column held at each snapshot."""

    def texts(part: Records, looks: Snapshots) -> NDArray[np.object_]:
        column = field_as_of(part, looks, field)
        return np.array([*column.labels, None], np.object_)[column.codes]

    return from_texts(by_blocks(texts, records, snapshots).tolist())


def _labels(texts: TextColumn, field: str, agreement: Agreement) -> Kinds:
    spellings = spellings_of(agreement).get(field, {})
    written = {**written_labels(texts, spellings), **canonical_of(agreement).get(field, {})}
    known = common_labels(texts, at_least=1, spellings=spellings)
    shown = [written.get(label, label) for label in known.labels]
    return np.array([*shown, ANY_OTHER, ""])[known.codes(texts)]
