"""From a request to its answer: read, score, write to the ledger, and only then answer."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic_core import to_json

from data_checks.instant import Issue
from features.lead_input import LeadInput
from models.explanation import Explanation
from serving.answers import answer_body, families_json, issues_json, reasons_json, utc
from serving.champion import ChampionWatch, Scorer
from serving.changes import changes_json
from serving.grouping import Bounds, FullError, Grouping
from serving.lead_reading import UnreadableLeadError, read_lead
from serving.ledger.errors import LedgerDownError
from serving.ledger.ledger import Ledger, ScoreRow
from serving.messages import LeadMessage, ScoreRequest
from serving.problems import BUSY, LEDGER_DOWN, NO_MODEL, Problem
from serving.score_ids import score_id
from serving.settings import Settings

if TYPE_CHECKING:
    from models.explanation import FamilyEffect, Reason
    from models.scorer import LeadScore
    from serving.ledger.former_scores import FormerScore


@dataclass(frozen=True)
class _Asked:
    """A request, who sent it, and the moment that stands for its absent as-of ones."""

    leads: Sequence[LeadMessage]
    key_id: str
    now: int
    reasons: bool


@dataclass(frozen=True)
class _Verdict:
    """What is said of one lead, before it has an id and a place in the ledger."""

    lead_id: str
    as_of: int | None
    decision: str
    probability: float | None = None
    grade: str | None = None
    reasons: Sequence[Reason] = ()
    issues: Sequence[Issue] = ()
    base_probability: float | None = None
    families: Sequence[FamilyEffect] = ()
    probability_low: float | None = None
    probability_high: float | None = None

    @property
    def why(self) -> Explanation:
        """Why the lead has its probability."""
        return Explanation(self.base_probability, tuple(self.reasons), tuple(self.families))


# A lead that the model is to see, with what is to be said of it besides; or the verdict without it.
_Draft = tuple[LeadInput, tuple[Issue, ...]] | _Verdict


class ScoringDesk:
    """Answers score requests, in groups and in one thread of their own.

    A group costs one vectorised scoring call and one commit, little more than a single lead does, and
    the event loop stays free to read, to refuse and to say that it is alive.
    """

    def __init__(
        self,
        champion: ChampionWatch,
        ledger: Ledger,
        settings: Settings,
        now: Callable[[], int] = lambda: time.time_ns() // 1000,
    ) -> None:
        self._champion, self._ledger, self._now = champion, ledger, now
        self._group = Grouping[_Asked, bytes](
            self._answers,
            lambda asked: len(asked.leads),
            Bounds(settings.max_leads, settings.max_waiting_leads),
            (LedgerDownError, Problem),
            name="desk",
        )

    async def answer(self, request: ScoreRequest, key_id: str) -> bytes:
        """Return the answer's body; what it says is in the ledger by then.

        Raises:
            Problem: 503 without a model, with the ledger down, or with too much waiting.
        """
        again = {"Retry-After": "1"}
        try:
            return await self._group(_Asked(request.leads, key_id, self._now(), request.reasons))
        except FullError:
            raise Problem(BUSY, "Too many leads are waiting. Try again.", headers=again) from None
        except LedgerDownError as error:
            raise Problem(LEDGER_DOWN, _told(error), headers=again) from None

    async def close(self) -> None:
        """Finish what is under way."""
        await self._group.close()

    def _answers(self, group: Sequence[_Asked]) -> list[bytes]:
        served = self._champion.served
        if served is None:
            raise Problem(NO_MODEL, str(self._champion.fault), headers={"Retry-After": "5"})
        drafts = [[_draft(lead, asked.now) for lead in asked.leads] for asked in group]
        told = [
            (draft[0], asked.reasons)
            for request, asked in zip(drafts, group, strict=True)
            for draft in request
            if isinstance(draft, tuple)
        ]
        scores = iter(served.scorer.score([lead for lead, _ in told], [wanted for _, wanted in told]))
        former = self._former([lead.lead_id for lead, wanted in told if wanted])
        rows = [
            self._rows([_verdict(draft, scores) for draft in request], served.scorer, asked.key_id, former)
            for request, asked in zip(drafts, group, strict=True)
        ]
        self._ledger.append([row for request in rows for row in request])
        return [answer_body(request) for request in rows]

    def _former(self, lead_ids: Sequence[str]) -> Mapping[str, FormerScore]:
        return self._ledger.former_scores(lead_ids) if lead_ids else {}

    def _rows(
        self,
        verdicts: Sequence[_Verdict],
        scorer: Scorer,
        key_id: str,
        former: Mapping[str, FormerScore],
    ) -> list[ScoreRow]:
        moment = self._now()
        scored_at = utc(moment)
        return [
            {
                "score_id": score_id(moment // 1000),
                "lead_id": verdict.lead_id,
                "probability": verdict.probability,
                "probability_low": verdict.probability_low,
                "probability_high": verdict.probability_high,
                "base_probability": verdict.base_probability,
                "grade": verdict.grade,
                "decision": verdict.decision,
                "reasons": to_json(reasons_json(verdict.reasons)).decode(),
                "families": to_json(families_json(verdict.families)).decode(),
                "changes": to_json(_changes(verdict, former)).decode(),
                "issues": to_json(issues_json(verdict.issues)).decode(),
                "model_version": scorer.model_version,
                "model_rung": scorer.rung,
                "agreement_version": scorer.agreement.version,
                "horizon_days": scorer.horizon_days,
                "as_of": None if verdict.as_of is None else utc(verdict.as_of),
                "scored_at": scored_at,
                "key_id": key_id,
                "idempotency_key": None,
            }
            for verdict in verdicts
        ]


def _draft(message: LeadMessage, now: int) -> _Draft:
    try:
        return read_lead(message, now)
    except UnreadableLeadError as fault:
        return _Verdict(message.lead_id, fault.as_of, "reject", issues=fault.issues)


def _verdict(draft: _Draft, scores: Iterator[LeadScore]) -> _Verdict:
    """Return what is said of a draft; a lead takes the next of the scores."""
    if isinstance(draft, _Verdict):
        return draft
    score, remarks = next(scores), draft[1]
    return _Verdict(
        score.lead_id,
        score.as_of,
        score.decision,
        score.probability,
        score.grade,
        score.reasons,
        (*remarks, *score.issues),
        score.base_probability,
        score.families,
        score.probability_low,
        score.probability_high,
    )


def _changes(verdict: _Verdict, former: Mapping[str, FormerScore]) -> dict[str, Any] | None:
    if verdict.probability is None or verdict.as_of is None or verdict.base_probability is None:
        return None
    return changes_json(former.get(verdict.lead_id), utc(verdict.as_of), verdict.probability, verdict.why)


def _told(error: LedgerDownError) -> str:
    # What the database said may name hosts and paths: it is in the log, not in the answer.
    return f"{error.rule.capitalize()}; now it cannot. Nothing was written or answered. Try again."
