"""The faults that pydantic finds, in words for a CRM's administrator and without the values."""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from serving.fault_path import fault_path
from serving.field_value import RULE
from serving.messages import ActivityMessage, LeadMessage, StageChangeMessage
from serving.problems import Fault

_KNOWN: Final[Mapping[str, str]] = MappingProxyType(
    {
        owner: ", ".join(message.model_fields)
        for owner, message in (
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


def faults_of(error: ValidationError, model: type[BaseModel]) -> tuple[Fault, ...]:
    """Return what is wrong in a message, each with its path; of a value only its kind or length is told."""
    details = error.errors(include_url=False, include_context=True)
    return tuple(Fault(fault_path(detail["loc"]), _message(detail, model)) for detail in details)


def _message(detail: ErrorDetails, model: type[BaseModel]) -> str:
    kind, found = detail["type"], detail["input"]
    if kind == "extra_forbidden":
        known = _KNOWN.get(_owner(detail)) or ", ".join(model.model_fields)
        return f"it is no key that Baton knows here; known are {known}"
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
