"""The latest score of each of some leads."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import BindParameter, Connection, Row, and_, bindparam, func, select

from serving.ledger.tables import SCORES

_ASKED: Final[BindParameter[str]] = bindparam("leads", expanding=True)
# Both halves are answered by the index on (lead_id, scored_at).
_LATEST: Final = (
    select(SCORES.c.lead_id, func.max(SCORES.c.scored_at).label("scored_at"))
    .where(SCORES.c.lead_id.in_(_ASKED))
    .group_by(SCORES.c.lead_id)
    .subquery()
)
_COLUMNS: Final = (
    "lead_id",
    "score_id",
    "scored_at",
    "as_of",
    "model_version",
    "probability",
    "base_probability",
    "reasons",
    "families",
)
FORMER: Final = select(*(SCORES.c[name] for name in _COLUMNS)).join(
    _LATEST, and_(SCORES.c.lead_id == _LATEST.c.lead_id, SCORES.c.scored_at == _LATEST.c.scored_at)
)


@dataclass(frozen=True)
class FormerScore:
    """A score that was answered; ``reasons`` and ``families`` are as they were answered."""

    lead_id: str
    score_id: str
    scored_at: datetime
    as_of: datetime
    model_version: str
    probability: float
    base_probability: float | None
    reasons: list[dict[str, Any]]
    families: list[dict[str, Any]]


def former_scores(connection: Connection, lead_ids: Collection[str]) -> Mapping[str, FormerScore]:
    """Return each lead's latest score, of those leads whose latest score has a probability.

    Of scores answered at one instant, that of the latest as-of moment counts.
    """
    found = connection.execute(FORMER, {"leads": sorted(set(lead_ids))}).all()
    told = (row for row in found if row.probability is not None and row.as_of is not None)
    return {row.lead_id: _former(row) for row in sorted(told, key=lambda row: (row.as_of, row.score_id))}


def _former(row: Row[Any]) -> FormerScore:
    told = row._asdict()
    return FormerScore(**told | {"families": told["families"] or []})
