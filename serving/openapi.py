"""The OpenAPI document: what FastAPI finds, and the one route that it does not read for itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel, Field
from pydantic.json_schema import models_json_schema

from serving.answers import EXAMPLE as ANSWER
from serving.answers import ScoreAnswer
from serving.feedback_messages import FeedbackRequest, HandoffVerdict
from serving.messages import EXAMPLE, ScoreRequest
from serving.problems import (
    BUSY,
    ERASED,
    LEDGER_DOWN,
    NO_KEY,
    NO_MODEL,
    NOT_JSON,
    OTHER_REQUEST,
    PROBLEM_JSON,
    PROBLEM_KINDS,
    REPEATED_KEY,
    REPEATED_LEAD,
    SLOW_BODY,
    TOO_LARGE,
    TOO_MANY,
    WRONG_COUNT,
    WRONG_ENCODING,
    WRONG_IDEMPOTENCY_KEY,
    WRONG_SCOPE,
    WRONG_SHAPE,
    WRONG_TYPE,
    ProblemKind,
)

_REF: Final = "#/components/schemas/{model}"
OF_MESSAGES: Final = (
    NOT_JSON,
    WRONG_ENCODING,
    REPEATED_KEY,
    NO_KEY,
    WRONG_SCOPE,
    SLOW_BODY,
    TOO_LARGE,
    WRONG_TYPE,
    WRONG_SHAPE,
)
"""What can be wrong with any request that has a body."""

_OF_SCORE: Final = (
    WRONG_IDEMPOTENCY_KEY,
    ERASED,
    WRONG_COUNT,
    REPEATED_LEAD,
    OTHER_REQUEST,
    NO_MODEL,
    LEDGER_DOWN,
    BUSY,
)
MESSAGES: Final[tuple[type[BaseModel], ...]] = (ScoreRequest, FeedbackRequest, HandoffVerdict)
"""What Baton takes; FastAPI finds only what it answers."""

IDEMPOTENCY_KEY: Final = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Names this request, like a UUID made once for it. Sent again with the same key and body, "
    "the request is answered as it was the first time, and nothing is written.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
}
_PUBLIC: Final = frozenset({"is_alive", "is_ready", "is_healthy"})


class FaultAnswer(BaseModel):
    """One thing that is wrong in the request."""

    path: Annotated[str, Field(description="Where, as `leads[0].fields.industry`.")]
    message: Annotated[str, Field(description="The rule, and what was found.")]


class ProblemAnswer(BaseModel):
    """What went wrong, as RFC 9457 has it."""

    type: Annotated[str, Field(description="The kind of problem; it leads to the list below.")]
    title: Annotated[str, Field(description="What that kind is called.")]
    status: Annotated[int, Field(description="The HTTP status.")]
    detail: Annotated[str, Field(description="What happened here, and what to do.")]
    fault_count: Annotated[int | None, Field(description="How many faults there are.")] = None
    faults: Annotated[list[FaultAnswer] | None, Field(description="The first 20 of them.")] = None


_OF_ABOUT: Final = (NO_KEY, WRONG_SCOPE, NO_MODEL)


def document_about() -> dict[int | str, dict[str, Any]]:
    """Return the problems of the addresses that describe the model."""
    return _responses(_OF_ABOUT)


@dataclass(frozen=True)
class Told:
    """A message with an example of it, and what it means that it is sent or answered."""

    model: type[BaseModel]
    example: Mapping[str, Any]
    words: str = ""


def document(  # noqa: PLR0913, PLR0917 - all that is to be said of a route
    operation_id: str,
    summary: str,
    answer: Told,
    kinds: Sequence[ProblemKind],
    asked: Told | None = None,
    parameters: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """Return how a route is documented that reads its requests by itself.

    ``asked`` is the message that it takes; `MESSAGES` has to name it, too.
    """
    extra: dict[str, Any] = {"parameters": list(parameters)}
    if asked is not None:
        schema = {"$ref": _REF.format(model=asked.model.__name__)}
        content = {"application/json": {"schema": schema, "example": asked.example}}
        extra["requestBody"] = {"required": True, "content": content}
    shown = {"description": answer.words, "content": {"application/json": {"example": answer.example}}}
    return {
        "operation_id": operation_id,
        "summary": summary,
        "response_model": answer.model,
        "responses": {200: shown, **_responses(kinds)},
        "openapi_extra": extra,
    }


def document_text(operation_id: str, summary: str, kinds: Sequence[ProblemKind]) -> dict[str, Any]:
    """Return how a route is documented that answers with plain text."""
    text = {"description": "Text", "content": {"text/plain": {"schema": {"type": "string"}}}}
    return {"operation_id": operation_id, "summary": summary, "responses": {200: text, **_responses(kinds)}}


def document_score() -> dict[str, Any]:
    """Return how `POST /score` is documented."""
    return {"tags": ["score"]} | document(
        "score_leads",
        "Score leads",
        Told(ScoreAnswer, ANSWER, "Every lead is scored"),
        (*OF_MESSAGES, *_OF_SCORE),
        Told(ScoreRequest, EXAMPLE),
        [IDEMPOTENCY_KEY],
    )


def _responses(kinds: Sequence[ProblemKind]) -> dict[int | str, dict[str, Any]]:
    titles: dict[int, list[str]] = {}
    for kind in kinds:
        titles.setdefault(kind.status, []).append(kind.title)
    return {status: _problem("; ".join(found)) for status, found in sorted(titles.items())}


def _add_rate_limit(operation: dict[str, Any]) -> None:
    """Say of an operation that takes a key that the key may have a limit."""
    retry = {"description": "Seconds to wait.", "schema": {"type": "integer", "minimum": 1}}
    refused = _problem(TOO_MANY.title) | {"headers": {"Retry-After": retry}}
    operation["responses"] = dict(sorted({**operation["responses"], str(TOO_MANY.status): refused}.items()))


def _problem(description: str) -> dict[str, Any]:
    schema = {"$ref": _REF.format(model="ProblemAnswer")}
    return {"description": description, "content": {PROBLEM_JSON: {"schema": schema}}}


def openapi_of(app: FastAPI) -> dict[str, Any]:
    """Return the document, made once."""
    if app.openapi_schema:
        return app.openapi_schema
    told = get_openapi(
        title=app.title, version=app.version, summary=app.summary, routes=app.routes, openapi_version="3.1.0"
    )
    asked: list[tuple[type[BaseModel], Literal["validation", "serialization"]]] = [
        (model, "validation") for model in MESSAGES
    ]
    _, extra = models_json_schema([*asked, (ProblemAnswer, "serialization")], ref_template=_REF)
    components = told.setdefault("components", {})
    components["schemas"] = {**components.get("schemas", {}), **extra["$defs"]}
    components["securitySchemes"] = {
        "key": {"type": "http", "scheme": "bearer", "description": "An API key of Baton's."},
        "header_key": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
    }
    for operation in (one for path in told["paths"].values() for one in path.values()):
        if operation["operationId"] not in _PUBLIC:
            operation["security"] = [{"key": []}, {"header_key": []}]
            _add_rate_limit(operation)
    told["x-problems"] = [
        {"slug": kind.slug, "status": kind.status, "title": kind.title} for kind in PROBLEM_KINDS
    ]
    app.openapi_schema = told
    return told
