"""Reading a history's profile: which columns are numbers, scales, categories, and which labels are common."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, TypeVar

import numpy as np
import pandas as pd

from data_checks.agreement import Agreement
from data_checks.clause import Clause
from data_checks.folding import fold, is_missing
from data_checks.reading import parse_number, parse_time
from data_checks.row_clauses import Allowed, OnScale, Range, Type
from features.from_history import ACTIVITY_TEXTS
from features.profile import ColumnKind, Profile
from features.records import Events, Records
from features.settings import FeatureSettings
from features.text_column import TextColumn, from_series
from features.vocabulary import Vocabulary, common_labels

C = TypeVar("C", bound=Clause)

NEVER_FEATURES: Final = frozenset({"stage"})
"""Lead columns that hold today's state and not the moment's; stages come from their changes."""

READABLE_SHARE: Final = 0.99
COVERED_SHARE: Final = 0.3

_KIND_OF_TYPE: Final[Mapping[str, ColumnKind]] = {"number": "number", "integer": "number", "date": "time"}


def profile_of(
    records: Records, campaigns: pd.DataFrame, agreement: Agreement, settings: FeatureSettings
) -> Profile:
    """Return the profile of a history; no outcome is looked at.

    Columns of ``never_use`` are left out. A column is what the agreement's ``scale``, ``range`` and
    ``type`` clauses say; otherwise it is a number (or a date) if 99 % of its texts read as one, a category if
    its common labels cover a good part of it, and else only known or not known.
    """
    spellings = _spellings(agreement)
    scales = {clause.field: clause.scale for clause in _clauses(agreement, OnScale)}
    columns: dict[str, ColumnKind] = {}
    vocabularies: dict[str, Vocabulary] = {}
    for name, texts in sorted(records.fields.items()):
        if name in NEVER_FEATURES or name in agreement.never_use:
            continue
        common = common_labels(texts, settings.label_at_least, spellings=spellings.get(name, {}))
        kind = _agreed_kind(name, agreement) or _found_kind(texts, common)
        if kind:
            columns[name] = kind
        if kind == "category":
            vocabularies[name] = common
    unused = _unused_activity_types(agreement)
    vocabularies |= _activity_vocabularies(records.activities.without("activity_type", unused), settings)
    if "campaign_id" not in agreement.never_use:
        vocabularies |= _channels(campaigns)
    return Profile(
        settings=settings,
        columns=columns,
        scales=scales,
        scale_labels=dict(agreement.scales),
        vocabularies=vocabularies,
        stage_of={fold(value): stage for stage, values in agreement.stages.items() for value in values},
        unused_activity_types=unused,
        absent=records.absent,
    )


def _clauses(agreement: Agreement, kind: type[C]) -> Iterator[C]:
    return (clause for clause in agreement.lead_data if isinstance(clause, kind) and clause.table == "leads")


def _spellings(agreement: Agreement) -> Mapping[str, Mapping[str, str]]:
    return {
        clause.field: {text: fold(value) for text, value in clause.spellings.items() if text != fold(value)}
        for clause in _clauses(agreement, Allowed)
    }


def _agreed_kind(name: str, agreement: Agreement) -> ColumnKind | None:
    if any(clause.field == name for clause in _clauses(agreement, OnScale)):
        return "scale"
    if any(clause.field == name and not clause.is_of_time for clause in _clauses(agreement, Range)):
        return "number"
    types = [clause.is_ for clause in _clauses(agreement, Type) if clause.field == name]
    return _KIND_OF_TYPE.get(types[0]) if types else None


def _found_kind(texts: TextColumn, common: Vocabulary) -> ColumnKind | None:
    uses = np.bincount(texts.codes[texts.codes >= 0], minlength=len(texts.labels))
    filled = np.array([0 if is_missing(label) else 1 for label in texts.labels], np.int64)
    total = int((uses * filled).sum())
    distinct = int(filled[uses > 0].sum())
    if not total or (distinct == 1 and total == len(texts)):
        return None

    def share(good: list[bool]) -> float:
        return float((uses * filled * np.array(good, np.int64)).sum() / total)

    if distinct > 1 and share([parse_number(label) is not None for label in texts.labels]) >= READABLE_SHARE:
        return "number"
    if distinct > 1 and share([parse_time(label) is not None for label in texts.labels]) >= READABLE_SHARE:
        return "time"
    if common.labels and share([fold(label) in common.code_of for label in texts.labels]) >= COVERED_SHARE:
        return "category"
    return "presence" if total < len(texts) else None


def _activity_vocabularies(activities: Events, settings: FeatureSettings) -> dict[str, Vocabulary]:
    return {
        f"activities.{column}": common_labels(activities.texts[column], settings.label_at_least)
        for column in ACTIVITY_TEXTS
    }


def _unused_activity_types(agreement: Agreement) -> tuple[str, ...]:
    named = (name.partition(":") for name in agreement.never_use)
    return tuple(sorted(fold(label) for prefix, _, label in named if prefix == "activity_type"))


def _channels(campaigns: pd.DataFrame) -> dict[str, Vocabulary]:
    channels = common_labels(from_series(campaigns["channel"]), at_least=1)
    return {"campaigns.channel": channels} if channels.labels else {}
