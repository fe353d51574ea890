"""What a score leaves in the ledger: itself, a hand-off if it opens one, and what it was made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pydantic_core import to_json

from serving.answers import families_json, issues_json, reasons_json
from serving.changes import changes_json
from serving.handoffs import LATELY, Handoff, due_at, may_be_handed_over
from serving.kept_inputs import packed
from serving.ledger.ledger import Entries, LedgerRow
from serving.ledger.tables import HANDOFFS, INPUTS, REQUESTS, SCORES
from serving.moments import utc
from serving.replays import Asking
from serving.score_ids import score_id
from serving.verdict import Verdict

if TYPE_CHECKING:
    from serving.champion import Scorer
    from serving.ledger.former_scores import FormerScore


@dataclass
class ScoreRows:
    """The rows of one group of requests, which are written together.

    ``former`` and ``handoffs`` are each lead's latest score and latest hand-off. A hand-off that a row
    opens counts for the rows after it.
    """

    scorer: Scorer
    now: int
    former: Mapping[str, FormerScore]
    handoffs: dict[str, Handoff]
    keeps_inputs: bool
    _scores: list[LedgerRow] = field(default_factory=list)
    _opened: list[LedgerRow] = field(default_factory=list)
    _inputs: list[LedgerRow] = field(default_factory=list)
    _requests: list[LedgerRow] = field(default_factory=list)

    @property
    def entries(self) -> Entries:
        """All rows by their table."""
        return {SCORES: self._scores, HANDOFFS: self._opened, INPUTS: self._inputs, REQUESTS: self._requests}

    def add(self, verdicts: Sequence[Verdict], asking: Asking) -> list[LedgerRow]:
        """Add one request, and return the rows of its scores, which are its answer."""
        rows = [self._row(verdict, asking) for verdict in verdicts]
        self._scores += rows
        if asking.idempotency_key is not None:
            self._requests.append(asking.row([str(row["score_id"]) for row in rows], utc(self.now)))
        return rows

    def _row(self, verdict: Verdict, asking: Asking) -> LedgerRow:
        identifier, scored_at = score_id(self.now // 1000), utc(self.now)
        if self.keeps_inputs and verdict.lead is not None and verdict.probability is not None:
            kept = {"score_id": identifier, "lead_id": verdict.lead_id, "scored_at": scored_at}
            self._inputs.append(kept | {"content": packed(self.scorer.kept(verdict.lead))})
        handoff = None if asking.is_trial else self._handoff(verdict, identifier)
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
            "model_version": self.scorer.model_version,
            "model_rung": self.scorer.rung,
            "agreement_version": self.scorer.agreement.version,
            "horizon_days": self.scorer.horizon_days,
            "as_of": None if verdict.as_of is None else utc(verdict.as_of),
            "scored_at": scored_at,
            "key_id": asking.key_id,
            "idempotency_key": asking.idempotency_key,
        }

    def _handoff(self, verdict: Verdict, identifier: str) -> Handoff | None:
        """Return the hand-off by which sales has the lead, opening one if the lead is to be handed over."""
        latest, now = self.handoffs.get(verdict.lead_id), utc(self.now)
        if latest is not None and latest.is_with_sales:
            return latest
        if verdict.decision != "hand_off" or verdict.as_of is None:
            return None
        if verdict.probability is None or verdict.grade is None:
            return None
        if utc(verdict.as_of) < now - LATELY or not may_be_handed_over(latest, now, self.scorer.horizon_days):
            return None
        opened = Handoff(
            handoff_id=score_id(self.now // 1000),
            lead_id=verdict.lead_id,
            round=1 + (latest.round if latest else 0),
            score_id=identifier,
            probability=verdict.probability,
            grade=verdict.grade,
            opened_at=now,
            due_at=due_at(self.scorer.agreement, verdict.grade, now),
            agreement_version=self.scorer.agreement.version,
        )
        self.handoffs[verdict.lead_id] = opened
        self._opened.append({column.name: getattr(opened, column.name) for column in HANDOFFS.columns})
        return opened

    def _changes(self, verdict: Verdict) -> dict[str, Any] | None:
        if verdict.probability is None or verdict.as_of is None or verdict.base_probability is None:
            return None
        former = self.former.get(verdict.lead_id)
        return changes_json(former, utc(verdict.as_of), verdict.probability, verdict.why)
