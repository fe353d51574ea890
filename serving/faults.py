"""The faults that pydantic finds, in words for a CRM's administrator and without the values."""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from serving.fault_path import fault_path
from serving.field_value import RULE
from serving.messages import ActivityMessage, LeadMessage, ScoreRequest, StageChangeMessage
from serving.problems import Fault

_KNOWN: Final[Mapping[str, str]] = MappingProxyType(
    {
        owner: ", ".join(message.model_fields)
        for owner, message in (
            ("", ScoreRequest),
            ("leads", LeadMessage),
            ("activities", ActivityMessage),
            ("stage_changes", StageChangeMessage),
        )
    }
)
_WANTED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "string_type": "it is text",
        "tuple_type": "it is a list",
        "dict_type": "it is an object",
        "model_type": "it is an object",
        "model_attributes_type": "it is an object",
        "field_value": RULE,
    }
)
_FIXED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "missing": "it is required; add it",
        "string_too_short": "it is not empty; found an empty text",
        "string_pattern_mismatch": "it has no control characters; remove them",
    }
)


def faults_of(error: ValidationError) -> tuple[Fault, ...]:
    """Return what is wrong, each with its path; of a value only its kind or its length is told."""
    details = error.errors(include_url=False, include_context=True)
    return tuple(Fault(fault_path(detail["loc"]), _message(detail)) for detail in details)


def _message(detail: ErrorDetails) -> str:
    kind, found = detail["type"], detail["input"]
    if kind == "extra_forbidden":
        return f"it is no key that Baton knows here; known are {_KNOWN[_owner(detail)]}"
    if kind in _WANTED:
        return f"{_WANTED[kind]}; found {kind_of_value(found)}"
    if kind == "string_too_long":
        return f"it has at most {detail['ctx']['max_length']} characters; found {len(found)}"
    return _FIXED.get(kind, detail["msg"])


def _owner(detail: ErrorDetails) -> str:
    names = [step for step in detail["loc"][:-1] if isinstance(step, str)]
    return names[-1] if names else ""


def kind_of_value(value: object) -> str:
    """Return what a JSON value is, never what it says.

    >>> kind_of_value(float("nan")), kind_of_value("secret"), kind_of_value([1, 2])
    ('NaN', 'text', 'a list')
    """
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "an infinite number"
    kinds: tuple[tuple[type | tuple[type, ...], str], ...] = (
        (bool, "true or false"),
        ((int, float), "a number"),
        (str, "text"),
        (list, "a list"),
        (dict, "an object"),
    )
    return next((words for kind, words in kinds if isinstance(value, kind)), "null")
