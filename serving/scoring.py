"""From a request to its answer: read, score, write to the ledger, and only then answer."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from pydantic_core import to_json

from data_checks.instant import Issue
from features.lead_input import LeadInput
from serving.answers import answer_body, issues_json, reasons_json, utc
from serving.champion import ChampionWatch, Scorer
from serving.grouping import Bounds, FullError, Grouping
from serving.lead_reading import UnreadableLeadError, read_lead
from serving.ledger.errors import LedgerDownError
from serving.ledger.ledger import Ledger, ScoreRow
from serving.messages import LeadMessage, ScoreRequest
from serving.problems import BUSY, LEDGER_DOWN, NO_MODEL, Problem
from serving.score_ids import score_id
from serving.settings import Settings

if TYPE_CHECKING:
    from models.explanation import Reason
    from models.scorer import LeadScore

Leads: TypeAlias = Sequence[LeadInput]
Scored: TypeAlias = "tuple[Scorer, Sequence[LeadScore]]"


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


class ScoringDesk:
    """Answers score requests. Scoring and writing each run in a thread of their own, in groups.

    Scoring is CPU work that lets go of the interpreter inside NumPy and LightGBM: in its thread it
    leaves the event loop free to read and to shed, and a group is scored in one vectorised call, which
    costs little more than one lead does.
    """

    def __init__(
        self,
        champion: ChampionWatch,
        ledger: Ledger,
        settings: Settings,
        now: Callable[[], int] = lambda: time.time_ns() // 1000,
    ) -> None:
        self._champion, self._now = champion, now
        most, waiting = settings.max_leads, settings.max_waiting_leads
        self._score = Grouping[Leads, Scored](self._score_groups, len, Bounds(most, waiting), name="scorer")

        def append(groups: Sequence[Sequence[ScoreRow]]) -> Sequence[None]:
            ledger.append([row for rows in groups for row in rows])
            return [None] * len(groups)

        self._append = Grouping[Sequence[ScoreRow], None](
            append, len, Bounds(4 * most, waiting), LedgerDownError, name="ledger"
        )

    async def answer(self, request: ScoreRequest, key_id: str) -> bytes:
        """Return the answer's body; what it says is in the ledger by then.

        Raises:
            Problem: 503 without a model, with the ledger down, or with too much waiting.
        """
        if self._champion.served is None:
            raise Problem(NO_MODEL, str(self._champion.fault), headers={"Retry-After": "5"})
        now = self._now()
        verdicts, leads, remarks = _read(request.leads, now)
        try:
            scorer, scores = await self._score(leads)
            for (position, extra), score in zip(remarks, scores, strict=True):
                verdicts[position] = _verdict(score, extra)
            rows = self._rows([verdict for verdict in verdicts if verdict], scorer, key_id)
            await self._append(rows)
        except FullError:
            raise Problem(
                BUSY, "Too many leads are waiting. Try again.", headers={"Retry-After": "1"}
            ) from None
        except LedgerDownError as error:
            raise Problem(LEDGER_DOWN, _told(error), headers={"Retry-After": "1"}) from None
        return answer_body(rows)

    async def close(self) -> None:
        """Finish what is under way."""
        await self._score.close()
        await self._append.close()

    def _score_groups(self, requests: Sequence[Leads]) -> list[Scored]:
        served = self._champion.served
        if served is None:
            raise Problem(NO_MODEL, str(self._champion.fault))
        scores = iter(served.scorer.score([lead for leads in requests for lead in leads]))
        return [(served.scorer, [next(scores) for _ in leads]) for leads in requests]

    def _rows(self, verdicts: Sequence[_Verdict], scorer: Scorer, key_id: str) -> list[ScoreRow]:
        moment = self._now()
        scored_at = utc(moment)
        return [
            {
                "score_id": score_id(moment // 1000),
                "lead_id": verdict.lead_id,
                "probability": verdict.probability,
                "grade": verdict.grade,
                "decision": verdict.decision,
                "reasons": to_json(reasons_json(verdict.reasons)).decode(),
                "issues": to_json(issues_json(verdict.issues)).decode(),
                "model_version": scorer.model_version,
                "agreement_version": scorer.agreement.version,
                "horizon_days": scorer.horizon_days,
                "as_of": None if verdict.as_of is None else utc(verdict.as_of),
                "scored_at": scored_at,
                "key_id": key_id,
                "idempotency_key": None,
            }
            for verdict in verdicts
        ]


_Remarks: TypeAlias = list[tuple[int, tuple[Issue, ...]]]


def _read(
    messages: Sequence[LeadMessage], now: int
) -> tuple[list[_Verdict | None], list[LeadInput], _Remarks]:
    """Return a verdict for each unreadable lead, and the others with their positions and remarks."""
    verdicts: list[_Verdict | None] = [None] * len(messages)
    leads: list[LeadInput] = []
    remarks: _Remarks = []
    for position, message in enumerate(messages):
        try:
            lead, said = read_lead(message, now)
        except UnreadableLeadError as fault:
            verdicts[position] = _Verdict(message.lead_id, fault.as_of, "reject", issues=fault.issues)
        else:
            leads.append(lead)
            remarks.append((position, said))
    return verdicts, leads, remarks


def _verdict(score: LeadScore, remarks: tuple[Issue, ...]) -> _Verdict:
    return _Verdict(
        score.lead_id,
        score.as_of,
        score.decision,
        score.probability,
        score.grade,
        score.reasons,
        (*remarks, *score.issues),
    )


def _told(error: LedgerDownError) -> str:
    # What the database said may name hosts and paths: it is in the log, not in the answer.
    return f"{error.rule.capitalize()}; now it cannot. Nothing was written or answered. Try again."
