"""Reading a history's profile: which columns are numbers, scales, categories, and which labels are common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pandas as pd

from data_checks.agreement import Agreement
from data_checks.folding import fold
from data_checks.row_clauses import OnScale, Range, Type
from features.census import Census, ColumnCensus
from features.exclusions import NOTHING, Exclusions
from features.lead_clauses import canonical_of, lead_clauses, spellings_of
from features.profile import ColumnKind, Profile
from features.settings import FeatureSettings
from features.text_column import from_series
from features.vocabulary import MOST_CATEGORIES, Vocabulary, common_labels, vocabulary_of

ACCOUNT: Final = "account_id"
BOTH: Final = "activities.type_and_direction"
READABLE_SHARE: Final = 0.99
COVERED_SHARE: Final = 0.3

_KIND_OF_TYPE: Final[Mapping[str, ColumnKind]] = {"number": "number", "integer": "number", "date": "time"}


def profile_of(
    census: Census,
    campaigns: pd.DataFrame,
    agreement: Agreement,
    settings: FeatureSettings,
    left_out: Exclusions = NOTHING,
) -> Profile:
    """Return the profile of a history; no outcome is looked at.

    Columns of ``never_use`` and those ``left_out`` have no kind. A column is what the agreement's ``scale``,
    ``range`` and ``type`` clauses say; otherwise it is a number (or a date) if 99 % of its texts read as
    one, a category if its common labels cover a good part of it, and else only known or not known.
    """
    unused, spellings = left_out.with_agreed(agreement), spellings_of(agreement)
    agreed = canonical_of(agreement)
    columns: dict[str, ColumnKind] = {}
    vocabularies: dict[str, Vocabulary] = {}
    for name in unused.kept(census.columns):
        found = census.columns[name]
        common = vocabulary_of(
            found.counts,
            settings.label_at_least,
            MOST_CATEGORIES,
            spellings=spellings.get(name, {}),
            written={**found.written, **agreed.get(name, {})},
        )
        kind = _agreed_kind(name, agreement) or _found_kind(found, common)
        if kind:
            columns[name] = kind
        if kind == "category":
            vocabularies[name] = common
    for name, found in census.activities.items():
        vocabularies[f"activities.{name}"] = vocabulary_of(
            found.counts, settings.label_at_least, written=found.written
        )
    vocabularies[BOTH] = _of_several_directions(vocabularies[BOTH], vocabularies["activities.activity_type"])
    if "campaign_id" not in unused.columns:
        vocabularies |= _channels(campaigns)
    return Profile(
        settings=settings,
        columns=columns,
        scales={clause.field: clause.scale for clause in lead_clauses(agreement, OnScale)},
        scale_labels=dict(agreement.scales),
        vocabularies=vocabularies,
        stage_of={fold(value): stage for stage, values in agreement.stages.items() for value in values},
        unused_activity_types=tuple(sorted(unused.activity_types)),
        working_hours=agreement.sla.working_hours,
        has_accounts=_have_accounts(census, unused, settings),
        absent=census.absent,
    )


def _agreed_kind(name: str, agreement: Agreement) -> ColumnKind | None:
    if any(clause.field == name for clause in lead_clauses(agreement, OnScale)):
        return "scale"
    if any(clause.field == name and not clause.is_of_time for clause in lead_clauses(agreement, Range)):
        return "number"
    types = [clause.is_ for clause in lead_clauses(agreement, Type) if clause.field == name]
    return _KIND_OF_TYPE.get(types[0]) if types else None


def _found_kind(column: ColumnCensus, common: Vocabulary) -> ColumnKind | None:
    total = column.filled
    if not total or (not column.varies and total == column.rows):
        return None
    if column.varies and column.numbers / total >= READABLE_SHARE:
        return "number"
    if column.varies and column.times / total >= READABLE_SHARE:
        return "time"
    covered = sum(column.counts[label] for label in common.labels)
    if common.labels and covered / total >= COVERED_SHARE:
        return "category"
    return "presence" if total < column.rows else None


def _channels(campaigns: pd.DataFrame) -> dict[str, Vocabulary]:
    channels = common_labels(from_series(campaigns["channel"]), at_least=1)
    return {"campaigns.channel": channels} if channels.labels else {}


def _of_several_directions(both: Vocabulary, types: Vocabulary) -> Vocabulary:
    """Return what is left of the types with their directions without the types that have only one."""
    of_type = {
        label: [text for text in both.labels if text.startswith(f"{label} ")] for label in types.labels
    }
    kept = {text for texts in of_type.values() if len(texts) > 1 for text in texts}
    return both.only(kept)


def _have_accounts(census: Census, unused: Exclusions, settings: FeatureSettings) -> bool:
    if ACCOUNT in unused.columns or ACCOUNT not in census.columns:
        return False
    return census.columns[ACCOUNT].filled >= settings.label_at_least
