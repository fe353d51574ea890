"""The client: each address of Baton's as a method."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from types import TracebackType
from typing import Any, Final, Self, TypeVar
from urllib.parse import quote

import httpx
from pydantic import BaseModel

from serving.client.answers import (
    Agreement,
    Erasure,
    Feedback,
    Handoffs,
    LeadStory,
    Model,
    Score,
    Scores,
    State,
    Trace,
    Verdict,
)
from serving.client.sending import Patience, send

Answer = TypeVar("Answer", bound=BaseModel)
_SECONDS: Final = 30.0
_PATIENCE: Final = Patience()


class BatonClient:
    """Asks one Baton with one key. It may be used by one thread at a time, and as a context manager.

    Every call that writes carries an idempotency key of its own, so that it can be sent again when its
    answer was lost: Baton then answers as it did, and writes nothing twice. ``http`` may be a client of the
    caller's, with proxies and certificates of its own, and stays open; else there is one that waits 30
    seconds for an answer.

    All methods raise `BatonProblem` when Baton refuses, and `httpx.TransportError` when it cannot be reached.
    """

    def __init__(
        self, address: str, key: str, http: httpx.Client | None = None, patience: Patience = _PATIENCE
    ) -> None:
        self._address, self._key, self._patience = address.rstrip("/"), key, patience
        self._http, self._is_own = http or httpx.Client(timeout=_SECONDS), http is None

    def __repr__(self) -> str:
        return f"BatonClient({self._address!r})"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections, unless they are the caller's."""
        if self._is_own:
            self._http.close()

    def score(self, leads: Sequence[Mapping[str, Any]], reasons: bool = True) -> tuple[Score, ...]:
        """Return the scores of leads, in their order; each lead has the keys that `POST /score` takes."""
        body = {"leads": [dict(lead) for lead in leads], "reasons": reasons}
        return self._write("/score", body, Scores).scores

    def lead(self, lead_id: str, limit: int | None = None, cursor: str | None = None) -> LeadStory:
        """Return all that Baton knows of a lead, the newest first."""
        return self._read(f"/leads/{_step(lead_id)}", LeadStory, limit=limit, cursor=cursor)

    def erase(self, lead_id: str) -> Erasure:
        """Delete all that Baton knows of a lead; the key needs the scope `admin`."""
        return self._answer("DELETE", f"/leads/{_step(lead_id)}", Erasure)

    def feedback(  # noqa: PLR0913  what sales may say at once
        self,
        lead_id: str,
        verdict: Verdict,
        *,
        by: str,
        reason: str | None = None,
        until: datetime | None = None,
        comment: str | None = None,
    ) -> Feedback:
        """Say what sales decided of a lead; ``until`` has an offset, and is for a recycled one."""
        said = _said(verdict, by, reason, until, comment)
        return self._write("/feedback", {"lead_id": lead_id, **said}, Feedback)

    def handoffs(
        self,
        state: State | None = None,
        *,
        overdue: bool | None = None,
        grade: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> Handoffs:
        """Return a page of the leads that sales was given, those due soonest first."""
        told = None if overdue is None else str(overdue).lower()
        return self._read(
            "/handoffs", Handoffs, state=state, overdue=told, grade=grade, limit=limit, cursor=cursor
        )

    def answer_handoff(  # noqa: PLR0913  what sales may say at once
        self,
        handoff_id: str,
        verdict: Verdict,
        *,
        by: str,
        reason: str | None = None,
        until: datetime | None = None,
        comment: str | None = None,
    ) -> Feedback:
        """Say what sales decided of a hand-off."""
        said = _said(verdict, by, reason, until, comment)
        return self._write(f"/handoffs/{_step(handoff_id)}", said, Feedback)

    def trace(self, score_id: str) -> Trace:
        """Return the whole way of a score."""
        return self._read(f"/scores/{_step(score_id)}/trace", Trace)

    def model(self) -> Model:
        """Return what the model is that scores now."""
        return self._read("/model", Model)

    def agreement(self) -> Agreement:
        """Return the agreement that the model was made under."""
        return self._read("/agreement", Agreement)

    def _read(self, path: str, answer: type[Answer], **query: str | int | None) -> Answer:
        given = {name: str(value) for name, value in query.items() if value is not None}
        return self._answer("GET", path, answer, params=given)

    def _write(self, path: str, body: Mapping[str, Any], answer: type[Answer]) -> Answer:
        headers = {"Idempotency-Key": str(uuid.uuid4())}
        return self._answer("POST", path, answer, json=body, headers=headers)

    def _answer(self, method: str, path: str, answer: type[Answer], **options: Any) -> Answer:  # noqa: ANN401
        headers = {"Authorization": f"Bearer {self._key}", **options.pop("headers", {})}
        request = self._http.build_request(method, f"{self._address}{path}", headers=headers, **options)
        return answer.model_validate_json(send(self._http, request, self._patience).content)


def _step(text: str) -> str:
    """Return text as one step of a path: an id may hold slashes, spaces and anything else."""
    return quote(text, safe="")


def _said(
    verdict: Verdict, by: str, reason: str | None, until: datetime | None, comment: str | None
) -> dict[str, str]:
    given = {
        "verdict": verdict,
        "by": by,
        "reason": reason,
        "until": None if until is None else until.isoformat(),
        "comment": comment,
    }
    return {name: value for name, value in given.items() if value is not None}
