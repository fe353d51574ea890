"""What a score leaves in the ledger: itself, a hand-off if it opens one, and what it was made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pydantic_core import to_json

from data_checks.due_times import due_at
from data_checks.moments import utc
from serving.answers import families_json, issues_json, reasons_json
from serving.changes import changes_json
from serving.handoffs import LATELY, Handoff, may_be_handed_over
from serving.kept_inputs import packed
from serving.ledger.ledger import Entries, LedgerRow
from serving.ledger.tables import HANDOFFS, INPUTS, REQUESTS, SCORES, SHADOW_SCORES
from serving.opinions import Opinion, Opinions
from serving.replays import Asking
from serving.score_ids import score_id
from serving.verdict import Verdict

if TYPE_CHECKING:
    from serving.ledger.former_scores import FormerScore


@dataclass
class ScoreRows:
    """The rows of one group of requests, which are written together.

    ``former`` and ``handoffs`` are each lead's latest score and latest hand-off. A hand-off that a row
    opens counts for the rows after it.
    """

    now: int
    former: Mapping[str, FormerScore]
    handoffs: dict[str, Handoff]
    keeps_inputs: bool
    _scores: list[LedgerRow] = field(default_factory=list)
    _shadows: list[LedgerRow] = field(default_factory=list)
    _opened: list[LedgerRow] = field(default_factory=list)
    _inputs: list[LedgerRow] = field(default_factory=list)
    _requests: list[LedgerRow] = field(default_factory=list)

    @property
    def entries(self) -> Entries:
        """All rows by their table."""
        return {
            SCORES: self._scores,
            SHADOW_SCORES: self._shadows,
            HANDOFFS: self._opened,
            INPUTS: self._inputs,
            REQUESTS: self._requests,
        }

    def add(self, opinions: Sequence[Opinions], asking: Asking) -> list[LedgerRow]:
        """Add one request, and return the rows of its scores, which are its answer."""
        rows = [self._row(one.answer, asking) for one in opinions]
        others = ((row, one.other) for row, one in zip(rows, opinions, strict=True))
        self._shadows += [_shadow(row, other) for row, other in others if other is not None]
        self._scores += rows
        if asking.idempotency_key is not None:
            self._requests.append(asking.row([str(row["score_id"]) for row in rows], utc(self.now)))
        return rows

    def _row(self, answered: Opinion, asking: Asking) -> LedgerRow:
        scorer, verdict = answered.scorer, answered.verdict
        identifier, scored_at = score_id(self.now // 1000), utc(self.now)
        if self.keeps_inputs and verdict.lead is not None and verdict.probability is not None:
            kept = {"score_id": identifier, "lead_id": verdict.lead_id, "scored_at": scored_at}
            self._inputs.append(kept | {"content": packed(scorer.kept(verdict.lead))})
        handoff = None if asking.is_trial else self._handoff(answered, identifier)
        return {
            "score_id": identifier,
            "lead_id": verdict.lead_id,
            "probability": verdict.probability,
            "probability_low": verdict.probability_low,
            "probability_high": verdict.probability_high,
            "base_probability": verdict.base_probability,
            "grade": verdict.grade,
            "decision": verdict.decision,
            "handoff_id": handoff.handoff_id if handoff else None,
            "due_at": handoff.due_at if handoff else None,
            "reasons": to_json(reasons_json(verdict.reasons)).decode(),
            "families": to_json(families_json(verdict.families)).decode(),
            "changes": to_json(self._changes(verdict)).decode(),
            "issues": to_json(issues_json(verdict.issues)).decode(),
            "model_version": scorer.model_version,
            "model_rung": scorer.rung,
            "agreement_version": scorer.agreement.version,
            "horizon_days": scorer.horizon_days,
            "as_of": None if verdict.as_of is None else utc(verdict.as_of),
            "scored_at": scored_at,
            "key_id": asking.key_id,
            "idempotency_key": asking.idempotency_key,
        }

    def _handoff(self, answered: Opinion, identifier: str) -> Handoff | None:
        """Return the hand-off by which sales has the lead, opening one if the lead is to be handed over."""
        scorer, verdict = answered.scorer, answered.verdict
        latest, now = self.handoffs.get(verdict.lead_id), utc(self.now)
        if latest is not None and latest.is_with_sales:
            return latest
        if verdict.decision != "hand_off" or verdict.as_of is None:
            return None
        if verdict.probability is None or verdict.grade is None:
            return None
        if utc(verdict.as_of) < now - LATELY or not may_be_handed_over(latest, now, scorer.horizon_days):
            return None
        opened = Handoff(
            handoff_id=score_id(self.now // 1000),
            lead_id=verdict.lead_id,
            round=1 + (latest.round if latest else 0),
            score_id=identifier,
            probability=verdict.probability,
            grade=verdict.grade,
            opened_at=now,
            due_at=due_at(scorer.agreement, verdict.grade, now),
            agreement_version=scorer.agreement.version,
        )
        self.handoffs[verdict.lead_id] = opened
        self._opened.append({column.name: getattr(opened, column.name) for column in HANDOFFS.columns})
        return opened

    def _changes(self, verdict: Verdict) -> dict[str, Any] | None:
        if verdict.probability is None or verdict.as_of is None or verdict.base_probability is None:
            return None
        former = self.former.get(verdict.lead_id)
        return changes_json(former, utc(verdict.as_of), verdict.probability, verdict.why)


def _shadow(row: LedgerRow, other: Opinion) -> LedgerRow:
    """Return the second opinion on the lead of a score."""
    return {
        "score_id": row["score_id"],
        "lead_id": row["lead_id"],
        "probability": other.verdict.probability,
        "grade": other.verdict.grade,
        "decision": other.verdict.decision,
        "model_version": other.scorer.model_version,
        "model_rung": other.scorer.rung,
        "agreement_version": other.scorer.agreement.version,
        "scored_at": row["scored_at"],
    }
