"""Scores as a Parquet file: one row a lead, the columns of the endpoint's answer."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pandas as pd

from features.moments import to_time
from models.scorer import LeadScore, Scorer

COLUMNS: Final = [
    "lead_id",
    "score_id",
    "probability",
    "probability_low",
    "probability_high",
    "base_probability",
    "horizon_days",
    "grade",
    "decision",
    "reasons",
    "families",
    "issues",
    "model_version",
    "model_rung",
    "agreement_version",
    "scored_at",
    "as_of",
]


def write_scores(scores: Iterable[LeadScore], scorer: Scorer, path: Path) -> None:
    """Write the scores; reasons, families and issues are JSON texts."""
    scored_at = datetime.now(UTC)
    rows = [
        {
            "lead_id": one.lead_id,
            "score_id": str(uuid.uuid4()),
            "probability": one.probability,
            "probability_low": one.probability_low,
            "probability_high": one.probability_high,
            "base_probability": one.base_probability,
            "horizon_days": scorer.horizon_days,
            "grade": one.grade,
            "decision": one.decision,
            "reasons": json.dumps([asdict(reason) for reason in one.reasons], ensure_ascii=False),
            "families": json.dumps([asdict(family) for family in one.families]),
            "issues": json.dumps([asdict(issue) for issue in one.issues], ensure_ascii=False),
            "model_version": scorer.model_version,
            "model_rung": scorer.rung,
            "agreement_version": scorer.agreement.version,
            "scored_at": scored_at,
            "as_of": to_time(one.as_of),
        }
        for one in scores
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    frame = pd.DataFrame(rows, columns=COLUMNS)
    numbers = [name for name in COLUMNS if "probability" in name]
    frame.astype(dict.fromkeys(numbers, "float64")).to_parquet(path, index=False)
