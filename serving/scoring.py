"""From a request to its answer: read, score, write to the ledger, and only then answer."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from serving.answers import answer_body, replayed_body
from serving.champion import ModelWatch, Served
from serving.grouping import Bounds, FullError, Grouping
from serving.ledger.errors import LedgerDownError, told
from serving.ledger.former_requests import FormerRequest, former_requests, scores_by_id
from serving.ledger.former_scores import former_scores
from serving.ledger.latest_handoffs import latest_handoffs
from serving.ledger.ledger import Ledger, add_rows
from serving.ledger.tables import SCORES
from serving.messages import LeadMessage, ScoreRequest
from serving.metrics import Metrics
from serving.opinions import Opinions, Panel
from serving.problems import BUSY, LEDGER_DOWN, NO_MODEL, Problem
from serving.replays import Asking, erased
from serving.score_rows import ScoreRows
from serving.settings import Settings
from serving.verdict import draft_of

_AGAIN: Final = {"Retry-After": "1"}
RACES: Final = 3
"""So often is tried again what another worker has written at the same moment."""


@dataclass(frozen=True)
class _Asked:
    """A request, who sent it, and the moment that stands for its absent as-of ones."""

    leads: Sequence[LeadMessage]
    asking: Asking
    now: int
    reasons: bool


class ScoringDesk:
    """Answers score requests, in groups and in one thread of their own.

    A group costs one vectorised scoring call and one commit, little more than a single lead does, and
    the event loop stays free to read, to refuse and to say that it is alive.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - the parts that it stands between
        self,
        champion: ModelWatch,
        panel: Panel,
        ledger: Ledger,
        settings: Settings,
        metrics: Metrics,
        now: Callable[[], int] = lambda: time.time_ns() // 1000,
    ) -> None:
        self._champion, self._panel, self._ledger = champion, panel, ledger
        self._metrics, self._now = metrics, now
        self._keeps_inputs = settings.keep_inputs_days > 0
        self._group = Grouping[_Asked, bytes](
            self._answers,
            lambda asked: len(asked.leads),
            Bounds(settings.max_leads, settings.max_waiting_leads),
            (LedgerDownError, Problem),
            name="desk",
        )

    def require_room(self) -> None:
        """Turn a request away before anything is done for it.

        Raises:
            Problem: 503 when as much is waiting as may wait.
        """
        if self._group.is_full:
            raise _busy()

    async def answer(self, request: ScoreRequest, asking: Asking) -> bytes:
        """Return the answer's body; what it says is in the ledger by then.

        Raises:
            Problem: 503 without a model, with the ledger down, or with too much waiting; 410 or 422 for a
                request that repeats an idempotency key.
        """
        try:
            return await self._group(_Asked(request.leads, asking, self._now(), request.reasons))
        except FullError:
            raise _busy() from None
        except LedgerDownError as error:
            raise Problem(LEDGER_DOWN, told(error), headers=_AGAIN) from None

    async def close(self) -> None:
        """Finish what is under way."""
        await self._group.close()

    @property
    def waiting(self) -> int:
        """How many leads wait or are being worked on."""
        return self._group.load

    def _answers(self, group: Sequence[_Asked]) -> Sequence[bytes | Exception]:
        for _ in range(RACES):
            try:
                return self._answered(group)
            except IntegrityError:
                # Another worker has opened the same hand-off, or answered the same request.
                continue
        return self._answered(group)

    def _answered(self, group: Sequence[_Asked]) -> Sequence[bytes | Exception]:
        replays = self._replays(group)
        fresh = [place for place in range(len(group)) if place not in replays]
        answers = dict(zip(fresh, self._scored([group[place] for place in fresh]), strict=True))
        return [(replays | answers)[place] for place in range(len(group))]

    def _scored(self, group: Sequence[_Asked]) -> list[bytes]:
        if not group:
            return []
        served = self._champion.served
        if served is None:
            raise Problem(NO_MODEL, str(self._champion.fault), headers={"Retry-After": "5"})
        requests = self._opinions(group, served)
        leads = [one.answer.verdict for request in requests for one in request]
        told_why = [verdict.lead_id for verdict in leads if verdict.base_probability is not None]
        with self._ledger.appending() as connection:
            former = former_scores(connection, told_why) if told_why else {}
            handoffs = dict(latest_handoffs(connection, [verdict.lead_id for verdict in leads]))
            rows = ScoreRows(self._now(), former, handoffs, self._keeps_inputs)
            answers = [rows.add(request, one.asking) for request, one in zip(requests, group, strict=True)]
            started = time.perf_counter()
            add_rows(connection, rows.entries)
        self._metrics.committed(time.perf_counter() - started)
        self._metrics.scored(rows.entries[SCORES])
        return [answer_body(answer) for answer in answers]

    def _opinions(self, group: Sequence[_Asked], served: Served) -> list[list[Opinions]]:
        """Return what is said of the leads of each request."""
        drafts = [(draft_of(lead, one.now), one.reasons) for one in group for lead in one.leads]
        told = iter(self._panel.opinions(served, drafts))
        return [[next(told) for _ in one.leads] for one in group]

    def _replays(self, group: Sequence[_Asked]) -> dict[int, bytes | Exception]:
        """Return the answers to requests that were answered before, by their places in the group."""
        keys = {
            place: (asked.asking.key_id, asked.asking.idempotency_key)
            for place, asked in enumerate(group)
            if asked.asking.idempotency_key is not None
        }
        if not keys:
            return {}
        with self._ledger.appending() as connection:
            known = former_requests(connection, set(keys.values()))
            return {
                place: _replayed(connection, group[place].asking, known[key])
                for place, key in keys.items()
                if key in known
            }


def _replayed(connection: Connection, asking: Asking, former: FormerRequest) -> bytes | Exception:
    try:
        asking.require_same(former.digest)
    except Problem as problem:
        return problem
    rows: Mapping[str, Mapping[str, object]] = scores_by_id(connection, former.ids)
    if len(rows) < len(former.ids):
        return erased()
    return replayed_body([rows[one] for one in former.ids])


def _busy() -> Problem:
    return Problem(BUSY, "Too many leads are waiting. Try again.", headers=_AGAIN)
