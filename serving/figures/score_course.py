"""How the probability of one lead moved over time, and who said so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from serving.figures.file import Figures
from serving.figures.one_lead import Score
from serving.ledger.ledger import LedgerRow

Teller = Literal["past", "today", "answered"]
TELLERS: Final[dict[Teller, str]] = {
    "past": "Models of the past months",
    "today": "Today's model",
    "answered": "Answered to the CRM",
}
"""Who says a probability. Those of the past knew nothing that came later."""


@dataclass(frozen=True)
class Point:
    """A probability as of a moment."""

    at: datetime
    probability: float
    teller: Teller
    model: str = ""


def score_course(
    figures: Figures, lead_id: str, score: Score | None, answered: Iterable[LedgerRow]
) -> tuple[Point, ...]:
    """Return what was said of a lead, the oldest first."""
    found = (*_past(figures, lead_id), *_today(figures, score), *_answered(answered))
    return tuple(sorted(found, key=lambda one: one.at))


def _past(figures: Figures, lead_id: str) -> Iterator[Point]:
    rows = figures.rows("select * from past_scores where lead_id = $lead_id", {"lead_id": lead_id})
    for row in rows:
        if row["as_of"] is not None and row["probability"] is not None:
            yield Point(row["as_of"], row["probability"], "past", row["model"])


def _today(figures: Figures, score: Score | None) -> Iterator[Point]:
    if score is None:
        return
    for days, value in ((30, score.month_ago), (7, score.week_ago), (0, score.probability)):
        if value is not None:
            yield Point(figures.now - timedelta(days=days), value, "today")


def _answered(rows: Iterable[LedgerRow]) -> Iterator[Point]:
    for row in rows:
        at, probability = row["as_of"], row["probability"]
        if isinstance(at, datetime) and isinstance(probability, float):
            yield Point(at, probability, "answered", str(row["model_version"]))
