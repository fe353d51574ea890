"""Rows of the ledger, as a service would have written them."""

from __future__ import annotations

from datetime import UTC, datetime

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def score_row(number: int, **changes: object) -> dict[str, object]:
    """Return a row of `scores`."""
    return {
        "score_id": f"score-{number}",
        "lead_id": f"L-{number}",
        "probability": 0.6,
        "grade": "A",
        "decision": "hand_off",
        "reasons": "[]",
        "issues": "[]",
        "model_version": "7",
        "agreement_version": "2026.11",
        "horizon_days": 90,
        "as_of": NOW,
        "scored_at": NOW,
        "key_id": "k",
        **changes,
    }


def handoff_row(number: int, **changes: object) -> dict[str, object]:
    """Return a row of `handoffs`."""
    return {
        "handoff_id": f"handoff-{number:03}",
        "lead_id": f"L-{number}",
        "round": 1,
        "score_id": f"score-{number}",
        "probability": 0.6,
        "grade": "A",
        "opened_at": NOW,
        "due_at": NOW,
        "agreement_version": "2026.11",
        **changes,
    }


def feedback_row(number: int, **changes: object) -> dict[str, object]:
    """Return a row of `feedback`, on the hand-off of the same number."""
    return {
        "feedback_id": f"feedback-{number}",
        "lead_id": f"L-{number}",
        "handoff_id": f"handoff-{number:03}",
        "step": 1,
        "verdict": "rejected",
        "reason": "no_budget",
        "until": None,
        "comment": None,
        "given_by": "Ada",
        "agreement_version": "2026.11",
        "recorded_at": NOW,
        "key_id": "k",
        **changes,
    }
