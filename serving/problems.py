"""What can go wrong with a request, as RFC 9457 problem documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from pydantic_core import to_json

PROBLEM_JSON: Final = "application/problem+json"
MOST_FAULTS: Final = 20
_NO_HEADERS: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True)
class ProblemKind:
    """A kind of problem: its anchor on the API page, its HTTP status, and what it is called."""

    slug: str
    status: int
    title: str


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong in a request: where (``leads[0].fields.x``), and rule, finding, next step."""

    path: str
    message: str


class Problem(Exception):  # noqa: N818  RFC 9457 calls it a problem
    """A request that is answered with a problem document."""

    def __init__(
        self,
        kind: ProblemKind,
        detail: str,
        faults: Sequence[Fault] = (),
        headers: Mapping[str, str] = _NO_HEADERS,
    ) -> None:
        self.kind, self.detail, self.faults, self.headers = kind, detail, tuple(faults), headers
        super().__init__(kind.slug)

    def body(self) -> bytes:
        """Return the document. At most ``MOST_FAULTS`` faults are listed; ``fault_count`` has them all."""
        document: dict[str, object] = {
            "type": f"/docs#problem-{self.kind.slug}",
            "title": self.kind.title,
            "status": self.kind.status,
            "detail": self.detail,
        }
        if self.faults:
            listed = self.faults[:MOST_FAULTS]
            document["fault_count"] = len(self.faults)
            document["faults"] = [{"path": fault.path, "message": fault.message} for fault in listed]
        return to_json(document)


NOT_JSON: Final = ProblemKind("not-json", 400, "The body is not JSON")
WRONG_ENCODING: Final = ProblemKind("wrong-encoding", 400, "The body is not UTF-8")
REPEATED_KEY: Final = ProblemKind("repeated-key", 400, "An object repeats a key")
WRONG_IDEMPOTENCY_KEY: Final = ProblemKind("wrong-idempotency-key", 400, "The idempotency key is none")
NO_KEY: Final = ProblemKind("no-key", 401, "No valid API key")
WRONG_SCOPE: Final = ProblemKind("wrong-scope", 403, "The API key may not do this")
CROSS_SITE: Final = ProblemKind("cross-site", 403, "The form was sent from another site")
NOT_FOUND: Final = ProblemKind("not-found", 404, "There is nothing at this address")
UNKNOWN_LEAD: Final = ProblemKind("unknown-lead", 404, "Baton does not know this lead")
UNKNOWN_HANDOFF: Final = ProblemKind("unknown-handoff", 404, "There is no such hand-off")
WRONG_METHOD: Final = ProblemKind("wrong-method", 405, "This address does not take that method")
SLOW_BODY: Final = ProblemKind("slow-body", 408, "The body did not arrive in time")
ANSWERED_HANDOFF: Final = ProblemKind("answered-handoff", 409, "The hand-off has been answered")
ERASED: Final = ProblemKind("erased", 410, "What was asked for has been erased")
TOO_LARGE: Final = ProblemKind("too-large", 413, "The body is too large")
WRONG_TYPE: Final = ProblemKind("wrong-type", 415, "The body is not declared as JSON")
NOT_A_FORM: Final = ProblemKind("not-a-form", 415, "The body is no form")
WRONG_SHAPE: Final = ProblemKind("wrong-shape", 422, "The request has the wrong shape")
WRONG_COUNT: Final = ProblemKind("wrong-count", 422, "Too few or too many leads")
REPEATED_LEAD: Final = ProblemKind("repeated-lead", 422, "A lead is given twice")
OTHER_REQUEST: Final = ProblemKind("other-request", 422, "The idempotency key belongs to another request")
WRONG_QUERY: Final = ProblemKind("wrong-query", 422, "The query has the wrong shape")
WRONG_FEEDBACK: Final = ProblemKind("wrong-feedback", 422, "The feedback does not fit agreement or lead")
TOO_MANY: Final = ProblemKind("too-many", 429, "The key has asked too much within a minute")
INTERNAL: Final = ProblemKind("internal", 500, "Baton failed")
NO_MODEL: Final = ProblemKind("no-model", 503, "No model is promoted")
LEDGER_DOWN: Final = ProblemKind("ledger-down", 503, "The ledger cannot be written")
BUSY: Final = ProblemKind("busy", 503, "Baton has all the work it can take")

PROBLEM_KINDS: Final = (
    NOT_JSON,
    WRONG_ENCODING,
    REPEATED_KEY,
    WRONG_IDEMPOTENCY_KEY,
    NO_KEY,
    WRONG_SCOPE,
    CROSS_SITE,
    NOT_FOUND,
    UNKNOWN_LEAD,
    UNKNOWN_HANDOFF,
    WRONG_METHOD,
    SLOW_BODY,
    ANSWERED_HANDOFF,
    ERASED,
    TOO_LARGE,
    WRONG_TYPE,
    NOT_A_FORM,
    WRONG_SHAPE,
    WRONG_COUNT,
    REPEATED_LEAD,
    OTHER_REQUEST,
    WRONG_QUERY,
    WRONG_FEEDBACK,
    TOO_MANY,
    INTERNAL,
    NO_MODEL,
    LEDGER_DOWN,
    BUSY,
)
