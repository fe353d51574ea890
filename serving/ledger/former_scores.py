"""The latest score of each of some leads."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Select, and_, func, select

from serving.ledger.asked import asked_leads, asked_parameter
from serving.ledger.prepared import fetch
from serving.ledger.tables import SCORES

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
    found = fetch(connection, FORMER[connection.dialect.name], asked_parameter(lead_ids))
    told = (row for row in found if row["probability"] is not None and row["as_of"] is not None)
    by_moment = sorted(told, key=lambda row: (row["as_of"], row["score_id"]))
    return {row["lead_id"]: FormerScore(**row | {"families": row["families"] or []}) for row in by_moment}


def latest_of(kind: str) -> Select[Any]:
    """Return the query for the latest scores of the leads of ``:leads``, for a kind of database.

    It takes one step into the index for each lead.
    """
    asked = asked_leads(kind)
    own = SCORES.alias("own")
    last = select(func.max(own.c.scored_at)).where(own.c.lead_id == asked.c.value).correlate(asked)
    same = and_(SCORES.c.lead_id == asked.c.value, SCORES.c.scored_at == last.scalar_subquery())
    return select(*(SCORES.c[name] for name in _COLUMNS)).select_from(asked.join(SCORES, same))


FORMER: Final = {kind: latest_of(kind) for kind in ("sqlite", "postgresql")}
