"""The rivals' scoring, as a good engineer writes it by hand: one pass over the activities, NumPy, LightGBM.

They get the same features and trees, answer the same reasons, and write each answer to SQLite first.
"""

from __future__ import annotations

import json
import os
import sqlite3
import time
import uuid
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import lightgbm
import numpy as np

from data_checks.reading import parse_number

DAY: Final = 86_400_000_000
GRADES: Final = (("A", 0.4), ("B", 0.2), ("C", 0.1), ("D", 0.0))
MOST: Final = 5
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def microseconds(text: str) -> int:
    """Return an ISO moment as microseconds since 1970."""
    moment = datetime.fromisoformat(text)
    since = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def number(value: object) -> float:
    """Return the number that a field holds; NaN if it holds none."""
    found = parse_number(None if value is None else str(value))
    return float("nan") if found is None else found


class ByHand:
    """Model and ledger of a rival; ``home`` is the folder that `shared_model.make_model` wrote."""

    def __init__(self, home: Path, ledger: Path) -> None:
        self.booster = lightgbm.Booster(model_str=(home / "trees.txt").read_text())
        told = json.loads((home / "features.json").read_text())
        self.features = told["features"]
        self.unused = frozenset(told["unused"])
        self.names = [one["name"] for one in self.features]
        self.windows = sorted({round(one["window"] * DAY) for one in self.features if one["window"]})
        self.kinds = {
            label: place
            for place, label in enumerate(sorted({one["label"] for one in self.features if one["label"]}))
        }
        self.database = sqlite3.connect(ledger, isolation_level=None, check_same_thread=False)
        self.database.execute("PRAGMA journal_mode = WAL")
        self.database.execute("PRAGMA synchronous = FULL")
        self.database.execute(
            "CREATE TABLE IF NOT EXISTS scores (score_id TEXT PRIMARY KEY, lead_id TEXT, answer TEXT)"
        )

    def row(
        self, fields: Mapping[str, Any], activities: Sequence[Mapping[str, Any]], as_of: int
    ) -> list[float]:
        """Return the features of a lead."""
        bands = len(self.windows) + 1
        counts = [[0] * bands for _ in range(len(self.kinds) + 1)]
        latest = [-1] * (len(self.kinds) + 1)
        for one in activities:
            occurred = microseconds(one["occurred_at"])
            recorded = microseconds(one["recorded_at"]) if one.get("recorded_at") else occurred
            kind = " ".join(one["activity_type"].casefold().split())
            if occurred > as_of or recorded > as_of or kind in self.unused:
                continue
            band = bisect_right(self.windows, as_of - occurred)
            for place in (self.kinds.get(kind), len(self.kinds)):
                if place is not None:
                    counts[place][band] += 1
                    latest[place] = max(latest[place], occurred)
        return [self._value(one, fields, counts, latest, as_of) for one in self.features]

    def _value(
        self,
        feature: Mapping[str, Any],
        fields: Mapping[str, Any],
        counts: Sequence[Sequence[int]],
        latest: Sequence[int],
        as_of: int,
    ) -> float:
        if feature["kind"] == "field_number":
            return number(fields.get(feature["field"]))
        place = self.kinds[feature["label"]] if feature["label"] else len(self.kinds)
        if feature["kind"].endswith("age"):
            return (as_of - latest[place]) / DAY if latest[place] >= 0 else float("nan")
        if feature["window"] is None:
            return float(sum(counts[place]))
        return float(sum(counts[place][: self.windows.index(round(feature["window"] * DAY)) + 1]))

    def answers(
        self, leads: Sequence[tuple[str, int | None]], matrix: np.ndarray[Any, Any]
    ) -> list[dict[str, Any]]:
        """Return the answers to leads with these features, and keep them."""
        probability = np.asarray(self.booster.predict(matrix, num_threads=1))
        contributions = np.asarray(self.booster.predict(matrix, pred_contrib=True, num_threads=1))
        now = datetime.now(UTC).isoformat()
        answers = [
            {
                "lead_id": lead_id,
                "score_id": str(uuid.uuid4()),
                "probability": float(p),
                "grade": next(grade for grade, least in GRADES if p >= least),
                "decision": "hand_off" if p >= 0.2 else "nurture",
                "reasons": self._reasons(values, moved[:-1]),
                "scored_at": now,
            }
            for (lead_id, _), p, values, moved in zip(leads, probability, matrix, contributions, strict=True)
        ]
        self.database.execute("BEGIN IMMEDIATE")
        self.database.executemany(
            "INSERT INTO scores VALUES (?, ?, ?)",
            [(one["score_id"], one["lead_id"], json.dumps(one)) for one in answers],
        )
        self.database.execute("COMMIT")
        return answers

    def _reasons(self, values: np.ndarray[Any, Any], moved: np.ndarray[Any, Any]) -> list[dict[str, Any]]:
        order = np.argsort(moved)
        chosen = [*order[::-1][:MOST], *order[:MOST]]
        return [
            {"feature": self.names[place], "value": _finite(values[place]), "effect": float(moved[place])}
            for place in chosen
            if moved[place] != 0
        ]


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def now() -> int:
    """Return now as microseconds since 1970."""
    return time.time_ns() // 1000


def own() -> ByHand:
    """Return the rival that the environment names: ``RIVAL_HOME`` and ``RIVAL_LEDGER``."""
    return ByHand(Path(os.environ["RIVAL_HOME"]), Path(os.environ["RIVAL_LEDGER"]))
