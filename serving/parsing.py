"""A body as a score request, or the problem with it."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from serving.fault_path import fault_path
from serving.faults import faults_of
from serving.messages import ScoreRequest
from serving.problems import (
    NOT_JSON,
    REPEATED_KEY,
    REPEATED_LEAD,
    WRONG_COUNT,
    WRONG_ENCODING,
    WRONG_SHAPE,
    Fault,
    Problem,
)
from serving.repeated_keys import repeated_key

Message = TypeVar("Message", bound=BaseModel)


def parse_score_request(body: bytes, most_leads: int) -> ScoreRequest:
    """Return the request that ``body`` holds.

    Raises:
        Problem: 400 when it is not UTF-8 or not JSON or repeats a key, 422 when its shape is wrong.
    """
    request = parse_message(body, ScoreRequest, _names_in)
    _check_leads(request, most_leads)
    return request


def parse_message(
    body: bytes, model: type[Message], names_in: Callable[[Message], int] | None = None
) -> Message:
    """Return the message that ``body`` holds; ``names_in`` counts the different keys of its objects.

    Raises:
        Problem: 400 when it is not UTF-8 or not JSON or repeats a key, 422 when its shape is wrong.
    """
    text = _decoded(body)
    try:
        message = model.model_validate_json(text)
    except ValidationError as error:
        raise _problem(error, model) from None
    if path := repeated_key(text, None if names_in is None else names_in(message)):
        raise Problem(
            REPEATED_KEY,
            f"{path} is given twice in one object. Send it once.",
            (Fault(path, "a key is given once; remove the repetition"),),
        )
    return message


def _decoded(body: bytes) -> str:
    try:
        return body.removeprefix(codecs.BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError as error:
        raise Problem(
            WRONG_ENCODING, f"The body is UTF-8; byte {error.start} is not. Convert it to UTF-8."
        ) from None


def _problem(error: ValidationError, model: type[BaseModel]) -> Problem:
    first = error.errors(include_url=False, include_input=False)[0]
    if first["type"] == "json_invalid":
        return Problem(NOT_JSON, f"The body is JSON; {first['ctx']['error']}. Correct it there.")
    faults = faults_of(error, model)
    more = f" ({len(faults) - 1} more)" if len(faults) > 1 else ""
    return Problem(WRONG_SHAPE, f"{faults[0].path}: {faults[0].message}{more}.", faults)


def _names_in(request: ScoreRequest) -> int:
    parts = [request, *request.leads]
    for lead in request.leads:
        parts += [*lead.activities, *lead.stage_changes]
    return sum(
        [len(part.model_fields_set) for part in parts], sum(len(lead.fields) for lead in request.leads)
    )


def _check_leads(request: ScoreRequest, most_leads: int) -> None:
    count = len(request.leads)
    if not 1 <= count <= most_leads:
        message = f"1 to {most_leads} leads; found {count}"
        next_step = "split them over several requests" if count else "add a lead"
        raise Problem(WRONG_COUNT, f"leads: {message}. {next_step.capitalize()}.", (Fault("leads", message),))
    seen: dict[tuple[str, str | None], int] = {}
    for position, lead in enumerate(request.leads):
        earlier = seen.setdefault((lead.lead_id, lead.as_of), position)
        if earlier != position:
            raise _repeated_lead(earlier, position)


def _repeated_lead(earlier: int, position: int) -> Problem:
    path = fault_path(("leads", position, "lead_id"))
    message = f"a lead is given once for each as_of; it is also leads[{earlier}]"
    detail = f"{path}: {message}. Send its whole history in one."
    return Problem(REPEATED_LEAD, detail, (Fault(path, message),))
