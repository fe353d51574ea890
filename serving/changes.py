"""What changed since the last score that the ledger holds of a lead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from models.explanation import Explanation, FamilyEffect, Reason
from models.score_change import Told, score_change
from serving.answers import finite

if TYPE_CHECKING:
    from serving.ledger.former_scores import FormerScore


def changes_json(
    former: FormerScore | None, as_of: datetime, probability: float, why: Explanation
) -> dict[str, Any] | None:
    """Return what changed since the former score, as the answer shows it.

    None without a former score, or if that one looked at a later moment than this: a replay of the past is
    no news.
    """
    if former is None or former.as_of > as_of:
        return None
    reasons = tuple(map(_showable, why.reasons))
    change = score_change(_told(former), Told(probability, replace(why, reasons=reasons)))
    return {
        "score_id": former.score_id,
        "scored_at": former.scored_at,
        "as_of": former.as_of,
        "model_version": former.model_version,
        "probability": former.probability,
        "effect": change.effect,
        "base_effect": change.base_effect,
        "families": [{"family": one.family, "effect": one.effect} for one in change.families],
        "features": [
            {name: getattr(one, name) for name in one.__dataclass_fields__} for one in change.features
        ],
    }


def _showable(reason: Reason) -> Reason:
    value = finite(reason.value)
    return reason if value is reason.value else replace(reason, value=value)


def _told(former: FormerScore) -> Told:
    families = tuple(FamilyEffect(one["family"], one["effect"]) for one in former.families)
    why = Explanation(former.base_probability, tuple(map(_reason, former.reasons)), families)
    return Told(former.probability, why)


def _reason(told: Mapping[str, Any]) -> Reason:
    # A ledger may hold reasons of an earlier Baton, which had fewer keys.
    known: dict[str, Any] = {name: told.get(name) for name in Reason.__dataclass_fields__}
    return Reason(**known)
